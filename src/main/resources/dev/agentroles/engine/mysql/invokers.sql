-- One row a view of one of these names, in whatever schema, that reads with the rights of whoever asks.
SELECT TABLE_SCHEMA AS schema_name, TABLE_NAME AS name
  FROM information_schema.VIEWS
 WHERE SECURITY_TYPE = 'INVOKER' AND TABLE_NAME IN (%s)
