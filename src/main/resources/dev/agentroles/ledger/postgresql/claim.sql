-- One row: whether no other session is in the middle of issuing this lease. True claims it for this session.
SELECT pg_try_advisory_lock(?)
