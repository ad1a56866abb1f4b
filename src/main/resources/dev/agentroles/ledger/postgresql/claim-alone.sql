-- One row: whether no other session has the sole right to this, such as to rotate an agent or to run a change. True claims
-- it for this session, which the server ends when nothing is heard of it for five minutes: a machine that sleeps holds
-- nobody up for longer.
SELECT pg_try_advisory_lock(?) AND set_config('idle_session_timeout', '5min', false) IS NOT NULL
