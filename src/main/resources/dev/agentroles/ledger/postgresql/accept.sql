-- Accepts one definition as it is now.
INSERT INTO agentroles.definition_hash (object, sha256) VALUES (?, ?)
ON CONFLICT (object) DO UPDATE SET sha256 = excluded.sha256, remembered_at = now()
