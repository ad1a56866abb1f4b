-- One row a role or login of which the ledger knows, with the mark it would carry if accounts carried marks, and when it
-- ends.
SELECT name, mark, CAST(NULL AS datetime(6)) AS expires_at FROM agentroles.account_mark
 UNION ALL
SELECT lease.login,
       CONCAT('agentroles environment=', stamp.environment, ' database=', stamp.entry, ' agent=', lease.agent,
              ' lease=', lease.id),
       lease.expires_at
  FROM agentroles.lease
  JOIN agentroles.stamp ON true
 WHERE lease.login IN (SELECT CAST(User AS char(128)) COLLATE utf8mb4_bin FROM mysql.user)
