-- One row for each role that an account has whose name begins so.
SELECT TO_USER AS login, TO_HOST AS host, FROM_USER AS role
  FROM mysql.role_edges
 WHERE TO_USER LIKE ? AND FROM_HOST = '%'
