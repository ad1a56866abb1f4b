-- No row: the lease ends then, or when it would have ended if that is earlier.
UPDATE agentroles.lease SET expires_at = LEAST(expires_at, CAST(? AS datetime(6))) WHERE id = ? AND state <> 'ENDED'
