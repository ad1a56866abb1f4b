-- One row an account whose name begins like ours, or that has no name: what it may do on its own, what tells its password
-- from another, and every way in that is not one password of the usual kind. mysql.user spells the first 30 bits of
-- `access` out; those above stand in the server's sql/privilege.h. Bits of releases to come are told as one word.
SELECT u.User AS name,
       u.Host AS host,
       (u.is_role = 'Y' OR COALESCE(JSON_VALUE(p.Priv, '$.account_locked'), '0') IN ('1', 'true')) AS locked,
       NULL AS mark,
       NULLIF(u.max_user_connections, 0) AS connections,
       NULLIF(u.max_statement_time, 0) AS statement_seconds,
       SHA2(CONCAT_WS(' ', JSON_VALUE(p.Priv, '$.plugin'), JSON_VALUE(p.Priv, '$.authentication_string'),
                      JSON_QUERY(p.Priv, '$.auth_or')), 256) AS authentication,
       CONCAT_WS(', ',
           IF(JSON_EXISTS(p.Priv, '$.auth_or'), 'a second method', NULL),
           IF(JSON_VALUE(p.Priv, '$.plugin') NOT IN ('ed25519', 'mysql_native_password'),
              CONCAT('the method ', JSON_VALUE(p.Priv, '$.plugin')), NULL),
           IF(COALESCE(JSON_VALUE(p.Priv, '$.authentication_string'), '') = '', 'an empty password', NULL)) AS ways,
       CONCAT_WS(',',
           %s,
           IF(u.Delete_history_priv = 'Y', 'DELETE HISTORY', NULL),
           IF(p.access >> 30 & 1, 'SET USER', NULL),
           IF(p.access >> 31 & 1, 'FEDERATED ADMIN', NULL),
           IF(p.access >> 32 & 1, 'CONNECTION ADMIN', NULL),
           IF(p.access >> 33 & 1, 'READ_ONLY ADMIN', NULL),
           IF(p.access >> 34 & 1, 'REPLICATION SLAVE ADMIN', NULL),
           IF(p.access >> 35 & 1, 'REPLICATION MASTER ADMIN', NULL),
           IF(p.access >> 36 & 1, 'BINLOG ADMIN', NULL),
           IF(p.access >> 37 & 1, 'BINLOG REPLAY', NULL),
           IF(p.access >> 38 & 1, 'SLAVE MONITOR', NULL),
           IF(p.access >> 39 & 1, 'SHOW CREATE ROUTINE', NULL),
           IF(p.access >> 40 > 0, 'ADMINISTRATION', NULL)) AS powers
  FROM mysql.user AS u
  JOIN (SELECT g.User, g.Host, g.Priv, CAST(COALESCE(JSON_VALUE(g.Priv, '$.access'), '0') AS unsigned) AS access
          FROM mysql.global_priv AS g) AS p ON p.User = u.User AND p.Host = u.Host
 WHERE u.User LIKE ? OR u.User = ''
 ORDER BY u.User, u.Host
