-- One row for each column on which this session's account has something.
SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS relation, COLUMN_NAME AS name
  FROM information_schema.COLUMNS
 ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION
