-- One row: a column of a table that a writer could change, in the table's order.
SELECT c.table_schema AS `schema`, c.table_name AS `table`, t.table_type AS type, t.engine AS engine,
       c.column_name AS name, c.column_type AS column_type, c.character_set_name AS charset, c.collation_name AS collation,
       c.is_nullable = 'NO' AND c.column_key IN ('PRI', 'UNI') AS is_key,
       c.column_key = 'PRI' AS is_primary,
       c.extra LIKE '%INVISIBLE%' AS invisible
  FROM information_schema.tables t
  JOIN information_schema.columns c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
 WHERE t.table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema', 'agentroles', 'agentroles_guard')
   AND t.table_type <> 'VIEW'
 ORDER BY c.table_schema, c.table_name, c.ordinal_position
