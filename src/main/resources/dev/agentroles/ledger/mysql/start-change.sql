-- Somebody begins to run it: one alone, and only what was approved.
UPDATE agentroles.change_request
   SET state = 'RUNNING', started_by = ?, started_at = CAST(? AS datetime(6)), handle = NULL, outcome = NULL
 WHERE id = ? AND state = 'APPROVED' AND fingerprint = ?
