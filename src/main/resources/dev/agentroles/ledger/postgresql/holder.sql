-- One row if a session holds the claim of an agent, of ours or of somebody else: any login can take any advisory lock.
SELECT session.pid AS session, session.usename AS login, session.usename <> current_user AS outsider,
       coalesce(host(session.client_addr), 'the server itself') AS machine,
       extract(epoch FROM clock_timestamp() - coalesce(session.state_change, session.backend_start))::bigint AS silent
  FROM pg_locks AS held JOIN pg_stat_activity AS session USING (pid)
 WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
   AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND (held.classid::bigint << 32 | held.objid::bigint) = ?
