-- Remembers one definition, unless one of that object is remembered.
INSERT INTO agentroles.definition_hash (object, sha256, remembered_at) VALUES (?, ?, UTC_TIMESTAMP(6))
ON DUPLICATE KEY UPDATE object = object
