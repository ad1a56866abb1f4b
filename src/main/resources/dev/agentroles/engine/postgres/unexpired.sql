-- One row for each of these roles that the server has and whose time is not over, whether it may log in or not.
SELECT rolname
  FROM pg_roles
 WHERE rolname = ANY (?) AND (rolvaliduntil IS NULL OR rolvaliduntil > now())
