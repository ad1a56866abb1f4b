-- One row for each login whose name says that it may be a lease of this database entry; its mark decides.
SELECT rolname, shobj_description(oid, 'pg_authid') AS mark, nullif(rolvaliduntil, 'infinity') AS expires_at
  FROM pg_roles
 WHERE rolcanlogin AND starts_with(rolname, ?)
 ORDER BY rolname
