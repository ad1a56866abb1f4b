-- One row: a login for which the guard has what the ledger or the server has not. excessive: it would be let through for longer
-- than its lease, or by another agent's limits. gone: the server has no account of that name.
SELECT name, excessive, gone
  FROM (SELECT a.name,
               l.id IS NOT NULL AND (a.expires_at > TIMESTAMPDIFF(SECOND, '1970-01-01', l.expires_at)
                                     OR a.name <> CONCAT(a.agent, '_', l.id)) AS excessive,
               a.name NOT IN (SELECT CAST(User AS char(128)) COLLATE utf8mb4_bin FROM mysql.user) AS gone
          FROM agentroles_guard.account AS a
          LEFT JOIN agentroles.lease AS l ON l.login = a.name) AS known
 WHERE excessive OR gone
