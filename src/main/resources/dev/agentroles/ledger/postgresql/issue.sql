-- Claims the lease for this session, until the session ends or says how it went; and writes its row.
INSERT INTO agentroles.lease (id, agent, login, state, issued_at, expires_at, digest, store_path, purpose)
SELECT ?, ?, ?, 'ISSUED', ?, ?, ?, ?, ? FROM pg_advisory_lock(?)
