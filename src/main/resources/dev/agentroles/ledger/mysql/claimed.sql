-- One row: whether a session is in the middle of issuing this lease, or keeps it for a program.
SELECT IS_USED_LOCK(CONCAT('agentroles.lease.', ?)) IS NOT NULL
