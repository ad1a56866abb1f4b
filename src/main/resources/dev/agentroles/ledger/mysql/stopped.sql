-- One row, why, if this agent may be issued nothing.
SELECT CONCAT('the environment is frozen: ', frozen_by, ' froze it at ', frozen_at, ' because: ', reason)
  FROM agentroles.freeze
 UNION ALL
SELECT CONCAT('agent ', agent, ' is revoked: ', revoked_by, ' revoked it at ', revoked_at, ' because: ', reason)
  FROM agentroles.revocation
 WHERE agent = ?
