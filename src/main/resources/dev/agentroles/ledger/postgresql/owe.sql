-- Writes down work that must still be done; once.
INSERT INTO agentroles.owed (work, agent, object, owed_since) VALUES (?, ?, ?, ?) ON CONFLICT (work, object) DO NOTHING
