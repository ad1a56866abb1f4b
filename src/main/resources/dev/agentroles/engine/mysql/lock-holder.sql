-- One row if a session holds the lock of that name, which any login can take. Its login is shown to whoever may see
-- other sessions.
SELECT CONCAT('session ', held.id, COALESCE(CONCAT(' of ', s.USER), '')) AS holder
  FROM (SELECT IS_USED_LOCK(?) AS id) AS held
  LEFT JOIN information_schema.PROCESSLIST AS s ON s.ID = held.id
 WHERE held.id IS NOT NULL
