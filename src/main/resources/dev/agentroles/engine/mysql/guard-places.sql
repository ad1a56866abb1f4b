-- One row: a database of guarded views, and of which database's tables.
SELECT views, base FROM agentroles_guard.place
