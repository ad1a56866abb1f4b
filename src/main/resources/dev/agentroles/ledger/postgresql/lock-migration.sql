-- Waits until no other run makes or upgrades the ledger of this database. Held until unlock-migration.sql.
SELECT pg_advisory_lock(1634496882, 0)
