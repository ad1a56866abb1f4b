-- One row for each of the five oldest transactions of other sessions, with its session, its login and from where
-- that came: without the port, where there is one.
SELECT s.ID AS session, s.USER AS login, SUBSTRING_INDEX(s.HOST, ':', 1) AS host
  FROM information_schema.INNODB_TRX t
  JOIN information_schema.PROCESSLIST s ON s.ID = t.trx_mysql_thread_id
 WHERE s.ID <> CONNECTION_ID()
 ORDER BY t.trx_started, s.ID
 LIMIT 5
