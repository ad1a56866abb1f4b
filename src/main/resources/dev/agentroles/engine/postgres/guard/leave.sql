-- The administrator is no longer a member of the guard's role: as one it would take back in the role's name what it gave in its own.
-- Owners of tables have been given it by the role.
DO $do$
DECLARE
  sql text;
BEGIN
  FOR sql IN
    SELECT format('REVOKE ALL ON FUNCTION agentroles_guard.admit() FROM %s', CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
      FROM pg_proc p, aclexplode(p.proacl) a
     WHERE p.oid = 'agentroles_guard.admit'::regproc AND a.grantor = to_regrole(quote_ident(current_user)) AND p.proowner <> a.grantor
  LOOP
    EXECUTE sql;
  END LOOP;
END
$do$
