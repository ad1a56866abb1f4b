-- One row: how many change requests wait for a person: for a decision, or for somebody to see how a run ended.
SELECT count(*) FROM agentroles.change_request WHERE state IN ('REQUESTED', 'RUNNING')
