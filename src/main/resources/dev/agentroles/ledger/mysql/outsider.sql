-- One row if a session of somebody else holds the claim of an agent: any login can take any such lock.
SELECT user AS login, id AS session
  FROM information_schema.processlist
 WHERE id = IS_USED_LOCK(CONCAT('agentroles.agent.', ?)) AND user <> SUBSTRING_INDEX(CURRENT_USER(), '@', 1)
