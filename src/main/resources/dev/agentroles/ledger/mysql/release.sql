-- One row: gives a claim back.
SELECT RELEASE_LOCK(CONCAT('agentroles.lease.', ?))
