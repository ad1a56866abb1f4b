-- One row for each role that an account has whose name begins so.
SELECT User AS login, Host AS host, Role AS role
  FROM mysql.roles_mapping
 WHERE User LIKE ? AND Host <> ''
