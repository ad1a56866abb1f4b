-- One row: how many change requests wait for a person.
SELECT count(*) FROM agentroles.change_request WHERE state = 'REQUESTED'
