-- One row for each routine that this administrator is shown and that runs with its caller's rights.
SELECT ROUTINE_SCHEMA AS schema_name, ROUTINE_NAME AS name, ROUTINE_TYPE AS kind
  FROM information_schema.ROUTINES
 WHERE SECURITY_TYPE = 'INVOKER' AND ROUTINE_SCHEMA <> 'sys'
 ORDER BY 1, 2, 3
