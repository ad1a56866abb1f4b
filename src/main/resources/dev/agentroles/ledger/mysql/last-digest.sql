-- One row if the agent ever had a lease: what it held when its newest was issued.
SELECT digest FROM agentroles.lease WHERE agent = ? ORDER BY issued_at DESC, id LIMIT 1
