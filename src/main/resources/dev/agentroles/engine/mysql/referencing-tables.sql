-- One row: a table with a foreign key to a table of one database, and that one's name.
SELECT DISTINCT CONSTRAINT_SCHEMA AS home, TABLE_NAME AS name, REFERENCED_TABLE_NAME AS referenced
  FROM information_schema.REFERENTIAL_CONSTRAINTS
 WHERE UNIQUE_CONSTRAINT_SCHEMA = ?
