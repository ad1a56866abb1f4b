-- One row, when sessions of these logins, begun before a time, have ended, or five seconds have passed for each. Its
-- number says little: one that has ended by itself meanwhile is answered like one that does not end (manual, 9.28.2).
SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 5000))
  FROM pg_stat_activity
 WHERE usename = ANY (?) AND backend_start < ?
