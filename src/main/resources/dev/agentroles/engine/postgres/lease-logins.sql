-- One row for each role whose name says that it may be a lease of this database entry; its mark decides.
SELECT rolname, shobj_description(oid, 'pg_authid') AS mark, rolcanlogin AS enabled,
       nullif(rolvaliduntil, 'infinity') AS expires_at, nullif(rolconnlimit, -1) AS connections
  FROM pg_roles
 WHERE starts_with(rolname, ?)
 ORDER BY rolname
