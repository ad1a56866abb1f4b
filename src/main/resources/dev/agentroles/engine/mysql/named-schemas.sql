-- One row a schema, the server's own among them.
SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA ORDER BY 1
