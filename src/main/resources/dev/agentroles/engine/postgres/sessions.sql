-- One row for each of these logins that has sessions, with their number.
SELECT usename, count(*) AS sessions FROM pg_stat_activity WHERE usename = ANY (?) GROUP BY usename
