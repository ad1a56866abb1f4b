-- One row: a tier that writes to a table, by the table's number.
SELECT id, tier FROM agentroles_guard.reach
