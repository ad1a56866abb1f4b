-- One row if somebody holds the advisory lock with this key, which any login can take: a session, or a transaction that
-- was prepared and has no session any more.
SELECT coalesce('session ' || held.pid || ' of ' || coalesce(session.usename, 'a login that is gone'),
                format('the prepared transaction %L of %s', prepared.gid, coalesce(prepared.owner, 'a login that is gone'))) AS holder
  FROM pg_locks AS held
  LEFT JOIN pg_stat_activity AS session ON session.pid = held.pid
  LEFT JOIN (pg_locks AS own JOIN pg_prepared_xacts AS prepared ON prepared.transaction = own.transactionid)
    ON own.virtualtransaction = held.virtualtransaction AND held.pid IS NULL AND own.pid IS NULL
 WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
   AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND (held.classid::bigint << 32 | held.objid::bigint) = ?
