-- A person refused it, or took an approval back.
UPDATE agentroles.change_request
   SET state = 'REJECTED', decided_by = ?, decided_at = ?, decision = ?
 WHERE id = ? AND state IN ('REQUESTED', 'APPROVED')
