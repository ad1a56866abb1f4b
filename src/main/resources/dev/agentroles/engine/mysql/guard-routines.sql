-- One row: a routine of the guard, as whoever replaced it would have left it.
SELECT r.ROUTINE_TYPE AS kind, r.ROUTINE_NAME AS name, r.SQL_MODE AS mode, r.IS_DETERMINISTIC = 'YES' AS is_deterministic,
       r.SQL_DATA_ACCESS AS data_access, r.SECURITY_TYPE AS security, r.DEFINER AS definer,
       r.COLLATION_CONNECTION AS collation, r.ROUTINE_DEFINITION AS body
  FROM information_schema.ROUTINES r
 WHERE r.ROUTINE_SCHEMA = 'agentroles_guard'
