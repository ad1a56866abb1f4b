-- One row for each view that this administrator is shown, with what it says of itself.
SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS name, DEFINER AS definer, SECURITY_TYPE AS security,
       CONCAT(VIEW_DEFINITION,
              IF(CHECK_OPTION = 'NONE' OR VIEW_DEFINITION = '', '', CONCAT(' WITH ', CHECK_OPTION, ' CHECK OPTION'))) AS definition
  FROM information_schema.VIEWS
 WHERE TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'sys')
