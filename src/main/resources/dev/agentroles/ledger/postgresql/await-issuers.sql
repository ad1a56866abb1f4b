-- Waits, at most so many milliseconds, for the transactions that are just making a login; those that begin later see
-- what was written before this.
SET LOCAL lock_timeout = %d;
SELECT pg_advisory_xact_lock(1634496884, 0)
