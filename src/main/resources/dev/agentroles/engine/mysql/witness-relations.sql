-- One row for each table and view that this administrator is shown; a table with its engine.
SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS name, ENGINE AS engine
  FROM information_schema.TABLES
 WHERE TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'sys')
 ORDER BY 1, 2
