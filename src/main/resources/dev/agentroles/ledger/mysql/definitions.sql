-- One row for each definition that was accepted.
SELECT object, sha256 FROM agentroles.definition_hash ORDER BY object
