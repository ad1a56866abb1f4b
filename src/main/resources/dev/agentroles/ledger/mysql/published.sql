-- One row: whether the lease was still only issued, and is now published. The claim is given back.
UPDATE agentroles.lease SET state = 'PUBLISHED', store_version = ? WHERE id = ? AND state = 'ISSUED';
SELECT ROW_COUNT() = 1, RELEASE_LOCK(CONCAT('agentroles.lease.', ?))
