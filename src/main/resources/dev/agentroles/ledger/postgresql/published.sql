-- One row: whether the lease was still only issued, and is now published. The claim is given back.
WITH moved AS (
    UPDATE agentroles.lease SET state = 'PUBLISHED', store_version = ? WHERE id = ? AND state = 'ISSUED' RETURNING id)
SELECT EXISTS (SELECT FROM moved), pg_advisory_unlock(1634496883, ?)
