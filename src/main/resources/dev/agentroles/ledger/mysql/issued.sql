-- One row while the lease is only issued. Waits for a session that is just recording its publication.
SELECT state FROM agentroles.lease WHERE id = ? AND state = 'ISSUED' FOR UPDATE
