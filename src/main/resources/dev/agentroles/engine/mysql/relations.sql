-- One row a table or view of these schemas.
SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS name, TABLE_TYPE = 'VIEW' AS is_view
  FROM information_schema.TABLES
 WHERE TABLE_SCHEMA IN (%s) AND TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
