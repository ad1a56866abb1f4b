-- One row for each agent that is stopped.
SELECT agent, revoked_by, revoked_at, reason FROM agentroles.revocation ORDER BY agent
