-- One row a role that an account whose name begins like ours has, or the administrator, and whether it acts at login.
SELECT m.Role AS role, '' AS role_host, m.User AS member, m.Host AS host,
       u.default_role = m.Role AS acts,
       m.Admin_option = 'Y' AS admin
  FROM mysql.roles_mapping AS m
  LEFT JOIN mysql.user AS u ON u.User = m.User AND u.Host = m.Host
  WHERE m.User LIKE ? OR CONCAT(m.User, '@', m.Host) = CURRENT_USER()
 ORDER BY 1, 2, 3
