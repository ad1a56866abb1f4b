-- One row if a session holds a sole right, of ours or of somebody else: any login can take any such lock.
SELECT id AS session, user AS login,
       user <> (SELECT user FROM information_schema.processlist WHERE id = CONNECTION_ID()) AS outsider,
       host AS machine, time AS silent
  FROM information_schema.processlist
 WHERE id = IS_USED_LOCK(CONCAT('agentroles.alone.', ?))
