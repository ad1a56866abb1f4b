-- One row, if the account of the guard is there: whether it is locked, and whether there is a guard that it belongs to.
SELECT COALESCE(JSON_VALUE(p.Priv, '$.account_locked'), '0') IN ('1', 'true') AS locked,
       EXISTS (SELECT 1 FROM information_schema.SCHEMATA s WHERE s.SCHEMA_NAME = 'agentroles_guard') AS guarded
  FROM mysql.global_priv p
 WHERE p.User = 'agentroles_guard' AND p.Host = 'localhost'
