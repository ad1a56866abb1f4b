-- An agent asks, or somebody for it.
INSERT INTO agentroles.change_request (agent, requested_by, requested_at, statement, reason) VALUES (?, ?, ?, ?, ?)
