-- One row for each of these roles that the server has and lets log in.
SELECT rolname
  FROM pg_roles
 WHERE rolname = ANY (?) AND rolcanlogin AND (rolvaliduntil IS NULL OR rolvaliduntil > now())
