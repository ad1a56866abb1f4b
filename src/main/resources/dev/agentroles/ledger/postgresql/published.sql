-- One row: whether the lease was still only issued, not over, and may be published, and now is. One that a freeze ended is
-- over, also after the thaw. The claim is given back.
WITH moved AS (
    UPDATE agentroles.lease SET state = 'PUBLISHED', store_version = ?
     WHERE id = ? AND state = 'ISSUED' AND expires_at > now()
       AND NOT EXISTS (SELECT FROM agentroles.freeze)
       AND NOT EXISTS (SELECT FROM agentroles.revocation AS revoked WHERE revoked.agent = lease.agent)
    RETURNING id)
SELECT EXISTS (SELECT FROM moved), pg_advisory_unlock(?)
