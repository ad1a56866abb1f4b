-- One row: the name of a table with a foreign key to one table, by that one's database and name.
SELECT DISTINCT TABLE_NAME AS name
  FROM information_schema.REFERENTIAL_CONSTRAINTS
 WHERE UNIQUE_CONSTRAINT_SCHEMA = ? AND REFERENCED_TABLE_NAME = ?
