-- One row: whether no other session is rotating this agent. True claims it for this session, which the server ends when
-- nothing is heard of it for five minutes: a machine that is lost or sleeps holds nobody up for longer.
SET SESSION wait_timeout = 300;
SELECT GET_LOCK(CONCAT('agentroles.agent.', ?), 0)
