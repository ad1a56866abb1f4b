-- One row: whether a session is at something that runs outside a transaction. It may commit in between, and keeps its locks on
-- tables then. Locks everybody sees; what a session is at, only whoever has its role.
SELECT EXISTS (SELECT FROM pg_stat_activity AS session JOIN pg_locks AS held ON held.pid = session.pid
                WHERE session.pid = ? AND session.usesysid = ?::oid AND held.locktype IN ('virtualxid', 'relation'))
