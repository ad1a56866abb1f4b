-- The work is done.
DELETE FROM agentroles.owed WHERE id = ?
