-- One row if somebody holds a sole right: a session of ours or of another login, as any can take any advisory
-- lock; or a transaction that was prepared and has no session, shown as number 0.
SELECT coalesce(held.pid, 0) AS session, coalesce(session.usename, prepared.owner, 'nobody') AS login,
       coalesce(session.usename, prepared.owner, 'nobody') <> session_user AS outsider,
       coalesce(host(session.client_addr), 'the server itself') AS machine,
       coalesce(extract(epoch FROM clock_timestamp()
                            - coalesce(session.state_change, session.backend_start, prepared.prepared))::bigint, 0) AS silent
  FROM pg_locks AS held
  LEFT JOIN pg_stat_activity AS session ON session.pid = held.pid
  LEFT JOIN (pg_locks AS own JOIN pg_prepared_xacts AS prepared ON prepared.transaction = own.transactionid)
    ON own.virtualtransaction = held.virtualtransaction AND held.pid IS NULL AND own.pid IS NULL
 WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
   AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND (held.classid::bigint << 32 | held.objid::bigint) = ?
