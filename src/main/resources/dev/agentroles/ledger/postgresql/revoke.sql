-- Stops one agent; the first to do so is remembered.
INSERT INTO agentroles.revocation (agent, revoked_by, revoked_at, reason) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
