-- One row for each routine that this administrator is shown: whose rights it runs with.
SELECT ROUTINE_SCHEMA AS schema_name, ROUTINE_NAME AS name, ROUTINE_TYPE AS kind, DEFINER AS definer,
       SECURITY_TYPE AS security
  FROM information_schema.ROUTINES
 WHERE ROUTINE_SCHEMA <> 'sys'
 ORDER BY 1, 2, 3
