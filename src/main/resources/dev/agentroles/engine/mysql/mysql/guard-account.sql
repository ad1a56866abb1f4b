-- One row, if the account of the guard is there: whether it is locked, and whether there is a guard that it belongs to.
SELECT u.account_locked = 'Y' AS locked,
       EXISTS (SELECT 1 FROM information_schema.SCHEMATA s WHERE s.SCHEMA_NAME = 'agentroles_guard') AS guarded
  FROM mysql.user u
 WHERE u.User = 'agentroles_guard' AND u.Host = 'localhost'
