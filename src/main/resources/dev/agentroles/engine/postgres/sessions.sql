-- One row: how many sessions a login has.
SELECT count(*) FROM pg_stat_activity WHERE usename = ?
