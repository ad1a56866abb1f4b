-- Writes the one stamp; the first writer wins.
INSERT INTO agentroles.stamp (environment, entry, server_identifier, database_name, made_at, tool_version)
VALUES (?, ?, ?, ?, CAST(? AS datetime(6)), ?)
ON DUPLICATE KEY UPDATE only_row = only_row
