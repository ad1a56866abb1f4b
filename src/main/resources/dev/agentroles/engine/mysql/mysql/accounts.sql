-- One row an account whose name begins like ours, or that has no name: what it may do on its own, the mark it carries,
-- what tells its password from another, and every way in that is not one password of the usual kind.
SELECT u.User AS name,
       u.Host AS host,
       u.account_locked = 'Y' AS locked,
       JSON_UNQUOTE(JSON_EXTRACT(u.User_attributes, '$.metadata.agentroles')) AS mark,
       NULLIF(u.max_user_connections, 0) AS connections,
       NULL AS statement_seconds,
       SHA2(CONCAT_WS(' ', u.plugin, HEX(u.authentication_string)), 256) AS authentication,
       CONCAT_WS(', ',
           IF(JSON_EXTRACT(u.User_attributes, '$.additional_password') IS NOT NULL, 'a second password', NULL),
           IF(u.plugin <> 'caching_sha2_password', CONCAT('the method ', u.plugin), NULL),
           IF(u.authentication_string = '', 'an empty password', NULL)) AS ways,
       CONCAT_WS(',',
           %s,
           IF(u.Create_role_priv = 'Y', 'CREATE ROLE', NULL),
           IF(u.Drop_role_priv = 'Y', 'DROP ROLE', NULL),
           (SELECT GROUP_CONCAT(g.PRIV ORDER BY g.PRIV) FROM mysql.global_grants AS g
             WHERE g.USER = u.User AND g.HOST = u.Host)) AS powers
  FROM mysql.user AS u
 WHERE u.User LIKE ? OR u.User = ''
 ORDER BY u.User, u.Host
