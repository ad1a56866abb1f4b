-- One row a table or view of the schemas asked for, with whose rights a view reads.
SELECT t.TABLE_SCHEMA AS schema_name, t.TABLE_NAME AS name, t.TABLE_TYPE AS kind, v.SECURITY_TYPE AS security
  FROM information_schema.TABLES AS t
  LEFT JOIN information_schema.VIEWS AS v ON v.TABLE_SCHEMA = t.TABLE_SCHEMA AND v.TABLE_NAME = t.TABLE_NAME
 WHERE t.TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys', 'agentroles', 'agentroles_guard')
   AND t.TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
   AND (%s)
 ORDER BY 1, 2
