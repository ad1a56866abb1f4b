-- One row: what stands in a database of guarded views, or in one that should become one, beside tables and views. Servers
-- before MySQL 9.2, MariaDB among them, have no libraries and take that line for a comment.
SELECT ROUTINE_SCHEMA AS `schema`, CONCAT(LOWER(ROUTINE_TYPE), ' ', ROUTINE_NAME) AS what
  FROM information_schema.ROUTINES
 WHERE ROUTINE_SCHEMA LIKE '%%\_rw' OR ROUTINE_SCHEMA LIKE '%%\_rw\_in'
 UNION ALL
SELECT EVENT_SCHEMA, CONCAT('event ', EVENT_NAME)
  FROM (%s) AS e
 WHERE EVENT_SCHEMA LIKE '%%\_rw' OR EVENT_SCHEMA LIKE '%%\_rw\_in'
/*!90200 UNION ALL SELECT LIBRARY_SCHEMA, CONCAT('library ', LIBRARY_NAME) FROM information_schema.LIBRARIES
 WHERE LIBRARY_SCHEMA LIKE '%%\_rw' OR LIBRARY_SCHEMA LIKE '%%\_rw\_in' */
