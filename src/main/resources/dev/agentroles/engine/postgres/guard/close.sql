-- Triggers hold functions by their number: nobody needs EXECUTE on them, and whoever had it could put one on a table of
-- his own.
DO $do$
DECLARE
  sql text;
BEGIN
  FOR sql IN
    SELECT format('REVOKE ALL ON ROUTINE agentroles_guard.%I(%s) FROM %s CASCADE', p.proname, pg_get_function_identity_arguments(p.oid),
                  CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
      FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
     WHERE p.pronamespace = 'agentroles_guard'::regnamespace AND a.grantee <> p.proowner
  LOOP
    EXECUTE sql;
  END LOOP;
END
$do$;
