-- One row: whether the session of that number is at a statement, or takes back what it did. After a restart the server may give
-- the number to another one: those of its own and those that feed replicas are at no statement of ours, and never end.
SELECT EXISTS (SELECT 1 FROM information_schema.PROCESSLIST
                WHERE ID = ? AND ID <> CONNECTION_ID() AND USER NOT IN ('event_scheduler', 'system user')
                  AND COMMAND NOT IN ('Sleep', 'Quit', 'Daemon', 'Binlog Dump', 'Binlog Dump GTID'))
