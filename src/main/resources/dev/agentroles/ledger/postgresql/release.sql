-- One row: gives a claim back.
SELECT pg_advisory_unlock(?)
