-- Claims the lease for this session, until the session ends or says how it went; then writes its row.
DO GET_LOCK(CONCAT('agentroles.lease.', ?), 10);
INSERT INTO agentroles.lease (id, agent, login, state, issued_at, expires_at, digest, store_path, purpose)
VALUES (?, ?, ?, 'ISSUED', CAST(? AS datetime(6)), CAST(? AS datetime(6)), ?, ?, ?)
