-- One row a schema that is not the server's own or ours.
SELECT SCHEMA_NAME AS name
  FROM information_schema.SCHEMATA
 WHERE SCHEMA_NAME NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys', 'agentroles', 'agentroles_guard', 'agentroles_changes')
 ORDER BY 1
