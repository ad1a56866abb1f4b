-- One row, if the account of the guard is there: whether it is locked, and whether it has the password that
-- no password hashes to, with which only agentroles makes it.
SELECT COALESCE(JSON_VALUE(p.Priv, '$.account_locked'), '0') IN ('1', 'true') AS locked,
       COALESCE(JSON_VALUE(p.Priv, '$.authentication_string'), '') = 'invalid' AS ours
  FROM mysql.global_priv p
 WHERE p.User = 'agentroles_guard' AND p.Host = 'localhost'
