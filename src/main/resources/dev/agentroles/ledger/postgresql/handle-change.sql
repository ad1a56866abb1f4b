-- By what the server tells afterwards whether it was done.
UPDATE agentroles.change_request SET handle = ? WHERE id = ? AND state = 'RUNNING'
