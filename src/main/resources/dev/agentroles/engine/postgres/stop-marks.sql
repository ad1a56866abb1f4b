-- One row a role whose name says that it may be of this database entry, and that cannot log in, with what a stop leaves there;
-- its mark decides what it is. Neither attribute means anything to a role that cannot log in.
SELECT rolname, shobj_description(oid, 'pg_authid') AS mark,
       rolvaliduntil IS NOT NULL AND rolvaliduntil <> 'infinity' AS revoked, rolconnlimit = 0 AS frozen
  FROM pg_roles
 WHERE starts_with(rolname, ?) AND NOT rolcanlogin
 ORDER BY rolname
