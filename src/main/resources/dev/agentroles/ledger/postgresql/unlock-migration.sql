-- Lets the next run look.
SELECT pg_advisory_unlock(1634496882, 0)
