-- One row: how many sessions of these logins, begun before a time, have not ended within five seconds each.
SELECT count(*) FILTER (WHERE NOT pg_terminate_backend(pid, 5000))
  FROM pg_stat_activity
 WHERE usename = ANY (?) AND backend_start < ?
