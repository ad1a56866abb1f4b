-- Triggers hold functions by their number: to have them run nobody needs EXECUTE. The guard's role needs it for what its two
-- functions call, the administrator to make triggers, and owners of tables to make them again: when the application restores a dump of its own,
-- its tables must not come back without their guard. On a table that is not guarded the function refuses or does nothing.
DO $do$
DECLARE
  sql text;
BEGIN
  FOR sql IN
    SELECT format('REVOKE ALL ON SCHEMA agentroles_guard FROM %s CASCADE',
                  CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
      FROM pg_namespace n, aclexplode(n.nspacl) a
     WHERE n.nspname = 'agentroles_guard' AND a.grantee <> n.nspowner
       AND (a.privilege_type = 'CREATE' OR NOT EXISTS (SELECT FROM pg_class c WHERE c.relowner = a.grantee))
    UNION ALL
    -- An owner, too, can be without the mark: else PostgreSQL 15, which asks about the role that a session has become, would have
    -- code run where the application's tables are the administrator's.
    SELECT format('REVOKE ALL ON agentroles_guard.marker FROM %I', pg_get_userbyid(c.relowner))
      FROM pg_class c WHERE c.oid = 'agentroles_guard.marker'::regclass
    UNION ALL
    -- Default privileges of the administrator, or a grant on all that is here, would mark the application and open what is kept.
    SELECT DISTINCT format('REVOKE ALL ON agentroles_guard.%I FROM %s CASCADE', c.relname,
                           CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
      FROM pg_class c, aclexplode(c.relacl) a
     WHERE c.relnamespace = 'agentroles_guard'::regnamespace AND a.grantee NOT IN (c.relowner, to_regrole({role_text})::oid)
       AND NOT (c.relname = 'marker' AND coalesce(shobj_description(a.grantee, 'pg_authid'), '') ^@ 'agentroles ')
  LOOP
    EXECUTE sql;
  END LOOP;
  -- While a function changes hands its new owner must be able to make one.
  GRANT USAGE, CREATE ON SCHEMA agentroles_guard TO {role};
  ALTER FUNCTION agentroles_guard.admit() OWNER TO {role};
  ALTER FUNCTION agentroles_guard.settle() OWNER TO {role};
  REVOKE CREATE ON SCHEMA agentroles_guard FROM {role};
  EXECUTE (SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO {role}', string_agg(c.oid::regclass::text, ', '))
             FROM pg_class c WHERE c.relnamespace = 'agentroles_guard'::regnamespace AND c.relkind = 'r');
  -- Each owner takes back and gives what is its own: an administrator with a grant option would do it in its own name. What it gave
  -- so is taken back when it is no member any more (leave.sql), and owners of tables with the trigger are given it here.
  FOR sql IN
    SELECT CASE WHEN p.proowner = n.nspowner THEN '' ELSE 'SET LOCAL ROLE {role}; ' END
           || coalesce((SELECT string_agg(format('REVOKE ALL ON ROUTINE %s FROM %s CASCADE; ', named,
                               CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END), '')
                          FROM (SELECT DISTINCT x.grantee FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x WHERE x.grantee <> p.proowner) a), '')
           || CASE WHEN p.proowner = n.nspowner THEN format('GRANT EXECUTE ON ROUTINE %s TO {role}', named)
                   WHEN p.proname = 'admit' THEN
                     coalesce((SELECT format('GRANT EXECUTE ON ROUTINE %s TO %s; ', named, string_agg(DISTINCT quote_ident(pg_get_userbyid(c.relowner)), ', '))
                                 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'agentroles_guard' AND c.relowner <> n.nspowner
                               HAVING count(*) > 0), '')
                     || format('GRANT EXECUTE ON ROUTINE %s TO %I WITH GRANT OPTION; RESET ROLE', named, pg_get_userbyid(n.nspowner))
                   ELSE 'RESET ROLE' END
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
           format('agentroles_guard.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) named
     WHERE n.nspname = 'agentroles_guard'
  LOOP
    EXECUTE sql;
  END LOOP;
END
$do$;
