-- One row for each role that a role has, and whether that has something on a table or view of a database.
SELECT edge.FROM_USER AS role,
       EXISTS (SELECT 1 FROM mysql.tables_priv given WHERE given.User = edge.FROM_USER AND given.Db = ?) AS holds
  FROM mysql.role_edges edge
 WHERE edge.TO_USER = ?
