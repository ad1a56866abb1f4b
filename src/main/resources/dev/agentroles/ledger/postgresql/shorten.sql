-- No row: the lease ends then, or when it would have ended if that is earlier.
UPDATE agentroles.lease SET expires_at = least(expires_at, ?) WHERE id = ? AND state <> 'ENDED'
