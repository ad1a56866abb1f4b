-- One row: why this agent may be issued nothing, or NULL. In the words of refuse_lease().
SELECT coalesce(
    (SELECT 'the environment is frozen: ' || frozen_by || ' froze it at ' || frozen_at || ' because: ' || reason
       FROM agentroles.freeze),
    (SELECT 'agent ' || agent || ' is revoked: ' || revoked_by || ' revoked it at ' || revoked_at || ' because: ' || reason
       FROM agentroles.revocation
      WHERE agent = ?))
