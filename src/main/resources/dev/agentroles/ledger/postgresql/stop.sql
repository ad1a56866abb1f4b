-- No row: every lease of an agent, or of all agents, ends then, or when it would have ended if that is earlier.
UPDATE agentroles.lease SET expires_at = least(expires_at, ?) WHERE state <> 'ENDED' AND agent = coalesce(?, agent)
