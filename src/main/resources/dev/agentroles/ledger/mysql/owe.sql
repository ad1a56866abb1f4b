-- Writes down work that must still be done; once.
INSERT INTO agentroles.owed (work, agent, object, owed_since, last_error) VALUES (?, ?, ?, CAST(? AS datetime(6)), '')
ON DUPLICATE KEY UPDATE work = work
