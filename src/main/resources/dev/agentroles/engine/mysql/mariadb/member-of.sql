-- One row for each role that a role has, and whether that has something on a table or view of a database.
SELECT edge.Role AS role,
       EXISTS (SELECT 1 FROM mysql.tables_priv given
                WHERE given.User = edge.Role AND given.Host = '' AND given.Db = ?) AS holds
  FROM mysql.roles_mapping edge
 WHERE edge.User = ? AND edge.Host = ''
