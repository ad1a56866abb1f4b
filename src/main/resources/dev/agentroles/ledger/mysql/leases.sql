-- One row for each lease that is not over, oldest first.
SELECT id, agent, login, state, issued_at, expires_at, digest, store_version, store_path, purpose
  FROM agentroles.lease
 WHERE state <> 'ENDED'
 ORDER BY issued_at, id
