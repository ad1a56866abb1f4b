-- One row for each lease of one agent that is not over, oldest first.
SELECT id, agent, login, state, issued_at, expires_at, digest, store_version, store_path, purpose
  FROM agentroles.lease
 WHERE state <> 'ENDED' AND agent = ?
 ORDER BY issued_at, id
