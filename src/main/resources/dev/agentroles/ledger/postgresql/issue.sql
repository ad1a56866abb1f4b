-- Claims the lease for this session, until the session ends or says how it went; then writes its row.
SELECT pg_advisory_lock(1634496883, ?);
INSERT INTO agentroles.lease (id, agent, login, state, issued_at, expires_at, digest, store_path, purpose)
VALUES (?, ?, ?, 'ISSUED', ?, ?, ?, ?, ?)
