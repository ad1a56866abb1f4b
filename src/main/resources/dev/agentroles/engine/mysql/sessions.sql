-- One row an open session of one of these logins.
SELECT ID AS id, USER AS login FROM information_schema.PROCESSLIST WHERE USER IN (%s)
