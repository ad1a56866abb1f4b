-- One row: something in the database by which agents ask for schema changes. kind: `PROCEDURE`, or what it is if it is none;
-- the rest is told of procedures.
-- untouchable: whoever has not SYSTEM_USER, too, may not drop it (MySQL). Servers before MySQL 9.2, MariaDB among them, have no libraries and take that line for a comment.
SELECT r.ROUTINE_TYPE AS kind, r.ROUTINE_NAME AS name, r.SQL_MODE AS mode, r.SQL_DATA_ACCESS AS data_access, r.SECURITY_TYPE AS security,
       r.DEFINER AS definer, r.ROUTINE_DEFINITION AS body, r.ROUTINE_COMMENT AS mark,
       /*!80016 EXISTS (SELECT 1 FROM mysql.global_grants AS g WHERE g.PRIV = 'SYSTEM_USER' AND CONCAT(g.USER, '@', g.HOST) = r.DEFINER) OR */ false AS untouchable,
       COALESCE((SELECT GROUP_CONCAT(CONCAT_WS(' ', p.PARAMETER_MODE, p.PARAMETER_NAME, p.DTD_IDENTIFIER, p.COLLATION_NAME) ORDER BY p.ORDINAL_POSITION SEPARATOR ', ')
                   FROM information_schema.PARAMETERS AS p
                  WHERE p.SPECIFIC_SCHEMA = 'agentroles_changes' AND p.SPECIFIC_NAME = r.SPECIFIC_NAME AND p.ROUTINE_TYPE = r.ROUTINE_TYPE), '') AS parameters
  FROM information_schema.ROUTINES AS r
 WHERE r.ROUTINE_SCHEMA = 'agentroles_changes'
 UNION ALL
SELECT LOWER(t.TABLE_TYPE), t.TABLE_NAME, '', '', '', '', '', '', false, ''
  FROM information_schema.TABLES AS t
 WHERE t.TABLE_SCHEMA = 'agentroles_changes'
 UNION ALL
SELECT 'event', e.EVENT_NAME, '', '', '', '', '', '', false, ''
  FROM (%s) AS e
 WHERE e.EVENT_SCHEMA = 'agentroles_changes'
/*!90200 UNION ALL SELECT 'library', l.LIBRARY_NAME, '', '', '', '', '', '', false, '' FROM information_schema.LIBRARIES AS l
 WHERE l.LIBRARY_SCHEMA = 'agentroles_changes' */
 UNION ALL
SELECT 'database', s.SCHEMA_NAME, '', '', '', '', '', '', false, ''
  FROM information_schema.SCHEMATA AS s
 WHERE s.SCHEMA_NAME = 'agentroles_changes'
