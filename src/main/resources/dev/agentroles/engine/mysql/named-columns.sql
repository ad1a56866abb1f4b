-- One row: the column that is called so. Parameters: schema, relation, column.
SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS relation, COLUMN_NAME AS name
  FROM information_schema.COLUMNS
 WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = ?
