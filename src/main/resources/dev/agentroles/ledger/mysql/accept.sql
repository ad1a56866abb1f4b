-- Accepts one definition as it is now.
INSERT INTO agentroles.definition_hash (object, sha256, remembered_at) VALUES (?, ?, UTC_TIMESTAMP(6))
ON DUPLICATE KEY UPDATE sha256 = VALUES(sha256), remembered_at = UTC_TIMESTAMP(6)
