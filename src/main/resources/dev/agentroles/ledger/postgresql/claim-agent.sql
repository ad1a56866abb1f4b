-- One row: whether no other session is rotating this agent. True claims it for this session, which the server ends when
-- nothing is heard of it for five minutes: a machine that sleeps holds nobody up for longer.
SELECT pg_try_advisory_lock(?) AND set_config('idle_session_timeout', '5min', false) IS NOT NULL
