-- One row: whether no other session is rotating this agent. True claims it for this session.
SELECT pg_try_advisory_lock(?)
