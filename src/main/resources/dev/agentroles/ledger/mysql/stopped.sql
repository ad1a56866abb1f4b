-- One row: why this agent may be issued nothing, or NULL.
SELECT COALESCE(
    (SELECT CONCAT('the environment is frozen: ', frozen_by, ' froze it at ', frozen_at, ' because: ', reason)
       FROM agentroles.freeze),
    (SELECT CONCAT('agent ', agent, ' is revoked: ', revoked_by, ' revoked it at ', revoked_at, ' because: ', reason)
       FROM agentroles.revocation
      WHERE agent = ?))
