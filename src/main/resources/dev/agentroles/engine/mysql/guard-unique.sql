-- One row: a table with several unique keys, the primary one among them.
SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS `table`
  FROM information_schema.STATISTICS
 WHERE NON_UNIQUE = 0
   AND TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema', 'agentroles', 'agentroles_guard', 'agentroles_changes')
 GROUP BY TABLE_SCHEMA, TABLE_NAME
HAVING COUNT(DISTINCT INDEX_NAME) > 1
