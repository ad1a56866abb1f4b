-- Writes the one stamp; the first writer wins.
INSERT INTO agentroles.stamp (environment, entry, server_identifier, database_name, made_at, tool_version)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
