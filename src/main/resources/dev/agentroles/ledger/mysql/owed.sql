-- One row for each piece of work that is owed, oldest first.
SELECT id, work, agent, object, owed_since, attempts, last_error FROM agentroles.owed ORDER BY owed_since, id
