-- Waits for the transactions that are just making a login; those that begin later see what was written before this.
SELECT pg_advisory_xact_lock(1634496884, 0)
