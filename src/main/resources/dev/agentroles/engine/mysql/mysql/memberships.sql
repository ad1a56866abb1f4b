-- One row a role that an account whose name begins like ours has, and whether it acts at login.
SELECT e.FROM_USER AS role, e.FROM_HOST AS role_host, e.TO_USER AS member, e.TO_HOST AS host,
       d.DEFAULT_ROLE_USER IS NOT NULL AS acts,
       e.WITH_ADMIN_OPTION = 'Y' AS admin
  FROM mysql.role_edges AS e
  LEFT JOIN mysql.default_roles AS d
    ON d.USER = e.TO_USER AND d.HOST = e.TO_HOST
   AND d.DEFAULT_ROLE_USER = e.FROM_USER AND d.DEFAULT_ROLE_HOST = e.FROM_HOST
 WHERE e.TO_USER LIKE ?
 ORDER BY 1, 2, 3
