-- One row: whether the session of that number is at a statement, or takes back what it did. After a restart the server may give
-- the number to another one.
SELECT EXISTS (SELECT 1 FROM information_schema.PROCESSLIST
                WHERE ID = ? AND ID <> CONNECTION_ID() AND COMMAND NOT IN ('Sleep', 'Quit'))
