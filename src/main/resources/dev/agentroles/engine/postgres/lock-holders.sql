-- One row for each other session, and each prepared transaction, that has begun to change roles or is writing to the
-- ledger and is not over: who it is, where, and the statement that ends it. Which row it has changed the server does not
-- tell. Who vacuums or analyzes holds ShareUpdateExclusiveLock, and is in the way of no change to a row.
WITH held AS (
    SELECT pid, virtualtransaction FROM pg_locks
     WHERE granted AND pid IS DISTINCT FROM pg_backend_pid()
       AND (locktype = 'relation' AND mode NOT IN ('AccessShareLock', 'ShareUpdateExclusiveLock')
            AND (relation IN ('pg_authid'::regclass, 'pg_auth_members'::regclass, 'pg_db_role_setting'::regclass)
                 OR database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    AND relation IN (SELECT oid FROM pg_class WHERE relnamespace = to_regnamespace('agentroles')))
            OR locktype = 'object' AND classid = 'pg_authid'::regclass))
SELECT format('session %s of %s', pid, coalesce(usename, 'a login that is gone')) AS holder,
       format('SELECT pg_terminate_backend(%s)', pid) AS ending
  FROM pg_stat_activity WHERE pid IN (SELECT pid FROM held)
UNION ALL
SELECT format('the prepared transaction %L of %s in database %s', gid, coalesce(owner, 'a login that is gone'), database),
       format('there, ROLLBACK PREPARED %L', gid)
  FROM pg_prepared_xacts
 WHERE transaction IN (SELECT transactionid FROM pg_locks
                        WHERE locktype = 'transactionid' AND pid IS NULL
                          AND virtualtransaction IN (SELECT virtualtransaction FROM held WHERE pid IS NULL))
 ORDER BY 1
