-- Takes from a role what it was given in this database. Privileges of the kinds that tiers have go each in the name of who
-- gave it: DROP OWNED revokes all of an object's in the name of one role, most often the owner, and leaves what the
-- administrator gave itself (select_best_grantor in PostgreSQL's acl.c). What the administrator may not revoke stays.
--
-- The program puts the role's name in.
DO $disown$
DECLARE
  disowned CONSTANT name := {role};
  given record;
BEGIN
  FOR given IN
    SELECT entry.grantor::regrole AS grantor,
           format('REVOKE %s%s ON %s FROM %I CASCADE', entry.privilege_type, one.part, one.object, disowned) AS sql
      FROM pg_shdepend AS d
     CROSS JOIN LATERAL (
           SELECT 'DATABASE ' || quote_ident(datname) AS object, '' AS part, datacl AS acl
             FROM pg_database WHERE d.classid = 'pg_database'::regclass AND oid = d.objid
            UNION ALL
           SELECT 'SCHEMA ' || quote_ident(nspname), '', nspacl
             FROM pg_namespace WHERE d.classid = 'pg_namespace'::regclass AND oid = d.objid
            UNION ALL
           SELECT format('%s %I.%I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname),
                  CASE WHEN d.objsubid > 0 THEN format(' (%I)', a.attname) ELSE '' END,
                  CASE WHEN d.objsubid > 0 THEN a.attacl ELSE c.relacl END
             FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
             LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
            WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid) AS one,
           aclexplode(one.acl) AS entry
     WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = (SELECT oid FROM pg_roles WHERE rolname = disowned) AND entry.grantee = d.refobjid
       AND d.deptype = 'a' AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
  LOOP
    BEGIN
      EXECUTE format('SET LOCAL ROLE %s', given.grantor);
      EXECUTE given.sql;
      RESET ROLE;
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;
    END;
  END LOOP;
  EXECUTE format('DROP OWNED BY %I', disowned);
END
$disown$
