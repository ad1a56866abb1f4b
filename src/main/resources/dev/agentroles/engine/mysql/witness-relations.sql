-- One row for each table and view that this administrator is shown; a view with what it says of itself.
SELECT t.TABLE_SCHEMA AS schema_name, t.TABLE_NAME AS name, v.DEFINER AS definer, v.SECURITY_TYPE AS security,
       v.VIEW_DEFINITION AS definition
  FROM information_schema.TABLES AS t
  LEFT JOIN information_schema.VIEWS AS v ON v.TABLE_SCHEMA = t.TABLE_SCHEMA AND v.TABLE_NAME = t.TABLE_NAME
 WHERE t.TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'sys')
 ORDER BY 1, 2
