-- One row where a role has, by the roles that it has, something on a table or view of a database.
SELECT 1
  FROM mysql.role_edges edge
  JOIN mysql.tables_priv given ON given.User = edge.FROM_USER
 WHERE edge.TO_USER = ? AND given.Db = ?
 LIMIT 1
