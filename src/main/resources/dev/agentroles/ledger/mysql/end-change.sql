-- How it ended.
UPDATE agentroles.change_request
   SET state = ?, ended_at = CAST(? AS datetime(6)), outcome = ?
 WHERE id = ? AND state = 'RUNNING'
