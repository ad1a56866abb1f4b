-- One row: whether the lease was still only issued, not over, and may be published, and now is. One that a freeze ended is
-- over, also after the thaw. The claim is given back.
UPDATE agentroles.lease SET state = 'PUBLISHED', store_version = ?
 WHERE id = ? AND state = 'ISSUED' AND expires_at > UTC_TIMESTAMP(6)
   AND NOT EXISTS (SELECT 1 FROM agentroles.freeze)
   AND NOT EXISTS (SELECT 1 FROM agentroles.revocation AS revoked WHERE revoked.agent = lease.agent);
SELECT ROW_COUNT() = 1, RELEASE_LOCK(CONCAT('agentroles.lease.', ?))
