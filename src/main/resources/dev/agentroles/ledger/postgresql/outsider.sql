-- One row if a session of somebody else holds the claim of an agent: any login can take any advisory lock.
SELECT session.usename AS login, session.pid AS session
  FROM pg_locks AS held JOIN pg_stat_activity AS session USING (pid)
 WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
   AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND (held.classid::bigint << 32 | held.objid::bigint) = ?
   AND session.usename <> current_user
