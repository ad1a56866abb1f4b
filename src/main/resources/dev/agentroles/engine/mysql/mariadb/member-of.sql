-- One row where a role has, by the roles that it has, something on a table or view of a database.
SELECT 1
  FROM mysql.roles_mapping edge
  JOIN mysql.tables_priv given ON given.User = edge.Role AND given.Host = ''
 WHERE edge.User = ? AND edge.Host = '' AND given.Db = ?
 LIMIT 1
