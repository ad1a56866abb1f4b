-- One row: gives a sole right back.
SELECT RELEASE_LOCK(CONCAT('agentroles.alone.', ?))
