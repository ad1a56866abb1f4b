-- Stops one agent; the first to do so is remembered.
INSERT INTO agentroles.revocation (agent, revoked_by, revoked_at, reason) VALUES (?, ?, CAST(? AS datetime(6)), ?)
ON DUPLICATE KEY UPDATE agent = agent
