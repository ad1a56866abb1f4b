-- One row: how many sessions of these logins, begun before a time, were told to end.
SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))
  FROM pg_stat_activity
 WHERE usename = ANY (?) AND backend_start < ?
