-- One row for each entry after a given one, oldest first.
SELECT seq, at, database_user, operator, action, agent, lease, outcome, detail
  FROM agentroles.journal
 WHERE seq > ?
 ORDER BY seq
