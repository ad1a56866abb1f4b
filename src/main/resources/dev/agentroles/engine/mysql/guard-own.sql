-- One row: a table of the guard.
SELECT t.TABLE_NAME AS name, t.ENGINE AS engine
  FROM information_schema.TABLES t
 WHERE t.TABLE_SCHEMA = 'agentroles_guard'
