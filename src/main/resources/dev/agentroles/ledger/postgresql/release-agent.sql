-- One row: gives the claim of an agent back.
SELECT pg_advisory_unlock(?)
