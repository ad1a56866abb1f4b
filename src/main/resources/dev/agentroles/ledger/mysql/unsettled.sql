-- The work could not be done this time either.
UPDATE agentroles.owed SET attempts = attempts + 1, last_error = ? WHERE id = ?
