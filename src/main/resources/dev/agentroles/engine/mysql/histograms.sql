-- One row a column of which the server keeps a histogram. MySQL shows them, with values, to whoever may read any column
-- of the table.
SELECT SCHEMA_NAME AS schema_name, TABLE_NAME AS relation, COLUMN_NAME AS name FROM information_schema.COLUMN_STATISTICS
