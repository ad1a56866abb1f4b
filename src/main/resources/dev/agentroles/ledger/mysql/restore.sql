-- The agent may be issued logins again.
DELETE FROM agentroles.revocation WHERE agent = ?
