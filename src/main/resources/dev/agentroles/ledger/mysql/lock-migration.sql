-- Waits until no other run makes or upgrades the ledger of this server. Held until unlock-migration.sql.
SELECT GET_LOCK('agentroles.migration', 600)
