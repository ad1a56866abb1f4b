-- Writes the lease's row; where the environment is frozen or the agent revoked it has no state, which the table
-- refuses. Then claims it for this session, until the session ends or says how it went. Values and no SELECT: MariaDB
-- makes a table for that, which takes longer than the rest.
INSERT INTO agentroles.lease (id, agent, login, issued_at, expires_at, digest, store_path, purpose, state)
VALUES (?, ?, ?, CAST(? AS datetime(6)), CAST(? AS datetime(6)), ?, ?, ?,
        IF(purpose <> 'PROBE'
           AND (EXISTS (SELECT 1 FROM agentroles.freeze)
                OR EXISTS (SELECT 1 FROM agentroles.revocation AS revoked WHERE revoked.agent = lease.agent)),
           NULL, 'ISSUED'));
DO GET_LOCK(CONCAT('agentroles.lease.', ?), 10)
