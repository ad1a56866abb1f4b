-- How it ended.
UPDATE agentroles.change_request
   SET state = ?, ended_at = ?, outcome = ?
 WHERE id = ? AND state = 'RUNNING'
