-- One row for each table and view that this administrator is shown; a table with its engine, a view with what it says of itself.
SELECT t.TABLE_SCHEMA AS schema_name, t.TABLE_NAME AS name, t.ENGINE AS engine, v.DEFINER AS definer, v.SECURITY_TYPE AS security,
       CONCAT(v.VIEW_DEFINITION,
              IF(v.CHECK_OPTION = 'NONE' OR v.VIEW_DEFINITION = '', '', CONCAT(' WITH ', v.CHECK_OPTION, ' CHECK OPTION'))) AS definition
  FROM information_schema.TABLES AS t
  LEFT JOIN information_schema.VIEWS AS v ON v.TABLE_SCHEMA = t.TABLE_SCHEMA AND v.TABLE_NAME = t.TABLE_NAME
 WHERE t.TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'sys')
 ORDER BY 1, 2
