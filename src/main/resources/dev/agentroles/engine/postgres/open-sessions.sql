-- One row: how many sessions of these logins, begun before a time, there are.
SELECT count(*)
  FROM pg_stat_activity
 WHERE usename = ANY (?) AND backend_start < ?
