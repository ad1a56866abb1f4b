-- One row: whether this agent may be issued nothing.
SELECT EXISTS (SELECT 1 FROM agentroles.freeze)
    OR EXISTS (SELECT 1 FROM agentroles.revocation WHERE agent = ?)
