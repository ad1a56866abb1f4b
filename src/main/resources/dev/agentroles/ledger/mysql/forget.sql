-- Forgets a definition that nothing relies on any more.
DELETE FROM agentroles.definition_hash WHERE object = ?
