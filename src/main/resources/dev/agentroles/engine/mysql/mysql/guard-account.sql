-- One row, if the account of the guard is there: whether it is locked, and whether it has the password that
-- no password hashes to, with which only agentroles makes it.
SELECT u.account_locked = 'Y' AS locked,
       u.authentication_string LIKE '$A$005$nobodynobody%' AS ours
  FROM mysql.user u
 WHERE u.User = 'agentroles_guard' AND u.Host = 'localhost'
