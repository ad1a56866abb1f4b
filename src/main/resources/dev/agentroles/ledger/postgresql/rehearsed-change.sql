-- What a trial of the statement showed.
UPDATE agentroles.change_request
   SET rehearsed_at = ?, rehearsed_on = ?, rehearsal = ?
 WHERE id = ? AND state IN ('REQUESTED', 'APPROVED')
