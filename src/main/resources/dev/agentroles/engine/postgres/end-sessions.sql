-- One row for each session of a login: whether it was ended within five seconds.
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = ?
