-- One row: whether no other session has the sole right to this, such as to rotate an agent or to run a change. True claims
-- it for this session, which the server ends when nothing is heard of it for five minutes: a machine that is lost or
-- sleeps holds nobody up for longer.
SET SESSION wait_timeout = 300;
SELECT GET_LOCK(CONCAT('agentroles.alone.', ?), 0)
