-- One row: whether no other session is rotating this agent. True claims it for this session.
SELECT GET_LOCK(CONCAT('agentroles.agent.', ?), 0)
