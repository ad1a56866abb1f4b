-- One row if the ledger ever knew the lease, over or not.
SELECT id FROM agentroles.lease WHERE id = ?
