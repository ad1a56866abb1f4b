-- One row a column of the tables and views of which the profile excludes columns, in their order.
SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS relation, COLUMN_NAME AS name
  FROM information_schema.COLUMNS
 WHERE %s
 ORDER BY 1, 2, ORDINAL_POSITION
