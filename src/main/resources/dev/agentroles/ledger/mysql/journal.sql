-- One row for each entry after a given one, oldest first, and no more than so many.
SELECT seq, at, database_user, operator, action, agent, lease, outcome, detail, previous_hash, hash
  FROM agentroles.journal
 WHERE seq > ?
 ORDER BY seq
 LIMIT ?
