-- One row for each role that a role is a member of.
SELECT g.rolname AS role
  FROM pg_auth_members AS a
  JOIN pg_roles AS g ON g.oid = a.roleid
 WHERE a.member = (SELECT oid FROM pg_roles WHERE rolname = ?)
