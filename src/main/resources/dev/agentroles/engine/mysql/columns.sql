-- One row a column of the tables and views of which the profile excludes columns, in their order. `expression` is what it is
-- computed from, always or where an INSERT leaves it out; empty if it is not. MariaDB writes constants as expressions, too.
SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS relation, COLUMN_NAME AS name,
       CONCAT(COALESCE(GENERATION_EXPRESSION, ''), ' ',
              CASE WHEN VERSION() LIKE '%%MariaDB%%' OR EXTRA LIKE '%%DEFAULT_GENERATED%%' THEN COALESCE(COLUMN_DEFAULT, '') ELSE '' END) AS expression
  FROM information_schema.COLUMNS
 WHERE %s
 ORDER BY 1, 2, ORDINAL_POSITION
