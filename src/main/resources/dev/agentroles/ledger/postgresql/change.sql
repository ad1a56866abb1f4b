-- One change request.
SELECT id, agent, requested_by, requested_at, statement, reason, state, rehearsed_at, rehearsed_on, rehearsal,
       decided_by, decided_at, decision, fingerprint, valid_until, signature,
       started_by, started_at, handle, ended_at, outcome
  FROM agentroles.change_request
 WHERE id = ?
