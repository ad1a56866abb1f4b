-- One row a privilege that an account has on everything but not in one database: partial_revokes.
SELECT u.User AS user, u.Host AS host, h.db AS schema_name, h.privilege
  FROM mysql.user AS u,
       JSON_TABLE(u.User_attributes, '$.Restrictions[*]' COLUMNS (
           db varchar(64) PATH '$.Database',
           NESTED PATH '$.Privileges[*]' COLUMNS (privilege varchar(64) PATH '$'))) AS h
 ORDER BY 1, 2, 3, 4
