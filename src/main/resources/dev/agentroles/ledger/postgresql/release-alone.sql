-- One row: gives a sole right back.
SELECT pg_advisory_unlock(?)
