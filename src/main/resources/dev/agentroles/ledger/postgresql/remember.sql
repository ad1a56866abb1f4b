-- Remembers one definition, unless one of that object is remembered.
INSERT INTO agentroles.definition_hash (object, sha256) VALUES (?, ?)
ON CONFLICT (object) DO NOTHING
