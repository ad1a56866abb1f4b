-- A person approved exactly this.
UPDATE agentroles.change_request
   SET state = 'APPROVED', decided_by = ?, decided_at = ?, decision = ?, fingerprint = ?, valid_until = ?,
       signature = ?, outcome = NULL
 WHERE id = ? AND state IN ('REQUESTED', 'APPROVED')
