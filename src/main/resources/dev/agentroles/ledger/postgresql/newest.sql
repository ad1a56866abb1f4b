-- One row if there is an entry of this action among the last so many: the newest.
SELECT at, database_user, operator, action, agent, lease, outcome, detail
  FROM agentroles.journal
 WHERE seq > (SELECT max(seq) FROM agentroles.journal) - ? AND action = ?
 ORDER BY seq DESC
 LIMIT 1
