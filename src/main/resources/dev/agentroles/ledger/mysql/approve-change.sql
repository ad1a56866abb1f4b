-- A person approved exactly this.
UPDATE agentroles.change_request
   SET state = 'APPROVED', decided_by = ?, decided_at = CAST(? AS datetime(6)), decision = ?, fingerprint = ?, valid_until = CAST(? AS datetime(6)),
       signature = ?, outcome = NULL
 WHERE id = ? AND state IN ('REQUESTED', 'APPROVED')
