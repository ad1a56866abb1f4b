-- No row: every lease of an agent, or of all agents, ends then, or when it would have ended if that is earlier.
UPDATE agentroles.lease SET expires_at = LEAST(expires_at, CAST(? AS datetime(6)))
 WHERE state <> 'ENDED' AND agent = COALESCE(?, agent)
