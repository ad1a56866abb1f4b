-- One row: a table that a writer could change.
SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS `table`, TABLE_TYPE AS type, ENGINE AS engine
  FROM information_schema.TABLES
 WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema', 'agentroles', 'agentroles_guard', 'agentroles_changes')
   AND TABLE_TYPE <> 'VIEW'
