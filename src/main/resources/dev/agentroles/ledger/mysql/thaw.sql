-- Ends the freeze.
DELETE FROM agentroles.freeze
