-- No row: the lease is over. Ending twice keeps the first time.
UPDATE agentroles.lease SET state = 'ENDED', ended_at = CAST(? AS datetime(6)) WHERE id = ? AND state <> 'ENDED'
