-- One row: a column of a table or view, in its order.
SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS `table`, COLUMN_NAME AS name, COLUMN_TYPE AS column_type,
       CHARACTER_SET_NAME AS charset, COLLATION_NAME AS collation,
       IS_NULLABLE = 'NO' AND COLUMN_KEY IN ('PRI', 'UNI') AS is_key,
       COLUMN_KEY = 'PRI' AS is_primary,
       EXTRA LIKE '%INVISIBLE%' AS invisible
  FROM information_schema.COLUMNS
 WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema', 'agentroles', 'agentroles_guard', 'agentroles_changes')
 ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION
