-- One row is one privilege on one object that a role of the closure or everybody has, or one object that a role of
-- the closure owns (then the privilege is empty). The grantor is empty where it is the object's owner.
-- Left out: what nobody has touched since initdb and everybody may do (built-in functions, built-in types), row types
-- of tables, temporary objects of other sessions.
-- Parameters: 1 = the oids of the closure, 2 = whether untouched built-in functions and types are wanted, too.
with asked as materialized (
    select ?::oid[] as roles, ?::boolean as builtin
), shipped as materialized (
    -- What initdb gave to everybody.
    select i.classoid, i.objoid, i.objsubid, x.privilege_type
      from (select classoid, objoid, objsubid, initprivs || '{}'::aclitem[] as acl
              from pg_init_privs where privtype = 'i' offset 0) i, aclexplode(i.acl) x
     where x.grantee = 0
), predefined as materialized (
    -- Predefined roles that act on every object without an ACL entry.
    select r.oid as role, p.kind, p.privilege
      from (values ('pg_read_all_data', 'relation', 'SELECT'), ('pg_read_all_data', 'sequence', 'SELECT'),
                   ('pg_read_all_data', 'schema', 'USAGE'),
                   ('pg_write_all_data', 'relation', 'INSERT'), ('pg_write_all_data', 'relation', 'UPDATE'),
                   ('pg_write_all_data', 'relation', 'DELETE'), ('pg_write_all_data', 'sequence', 'UPDATE'),
                   ('pg_write_all_data', 'schema', 'USAGE'),
                   ('pg_maintain', 'relation', 'MAINTAIN')) p (rolname, kind, privilege)
      join pg_roles r using (rolname) cross join asked
     where r.oid = any (asked.roles)
), object (kind, class, oid, part, schema, name, detail, owner, acl, catalog) as (
    select case c.relkind when 'S' then 'sequence' else 'relation' end, 'pg_class'::regclass, c.oid, 0,
           n.nspname, c.relname, c.relkind::text, c.relowner,
           coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)),
           c.oid < 16384 and n.nspname = 'pg_catalog' and c.relkind <> 'v'
      from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join asked
     where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relpersistence <> 't'
       and (c.relacl is not null or c.relowner = any (asked.roles) or exists (select from predefined))
  union all
    select 'column', 'pg_class'::regclass, c.oid, a.attnum, n.nspname, c.relname, a.attname, c.relowner, a.attacl, false
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where a.attacl is not null and not a.attisdropped and c.relpersistence <> 't'
  union all
    select 'schema', 'pg_namespace'::regclass, oid, 0, '', nspname, '', nspowner,
           coalesce(nspacl, acldefault('n', nspowner)), false
      from pg_namespace where nspname !~ '^pg_(toast_)?temp_'
  union all
    select 'database', 'pg_database'::regclass, oid, 0, '', datname, case when datallowconn then 'open' else 'closed' end,
           datdba, coalesce(datacl, acldefault('d', datdba)), false
      from pg_database
  union all
    select 'routine', 'pg_proc'::regclass, p.oid, 0, n.nspname, p.proname, '(' || oidvectortypes(p.proargtypes) || ')',
           p.proowner, coalesce(p.proacl, acldefault('f', p.proowner)), false
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace cross join asked
     where p.oid >= 16384 or p.proacl is not null or asked.builtin
        -- Untouched they make large objects for everybody.
        or p.proname in ('lo_creat', 'lo_create', 'lo_from_bytea')
  union all
    select 'type', 'pg_type'::regclass, t.oid, 0, n.nspname, t.typname, t.typtype::text, t.typowner,
           coalesce(t.typacl, acldefault('T', t.typowner)), false
      from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
           cross join asked
     where (t.oid >= 16384 or asked.builtin) and t.typcategory <> 'A' and t.typtype <> 'm' and coalesce(c.relkind, 'c') = 'c'
  union all
    select 'language', 'pg_language'::regclass, oid, 0, '', lanname,
           case when lanpltrusted then 'trusted' else 'untrusted' end, lanowner,
           coalesce(lanacl, acldefault('l', lanowner)), false
      from pg_language
  union all
    select 'large object', 'pg_largeobject'::regclass, oid, 0, '', oid::text, '', lomowner,
           coalesce(lomacl, acldefault('L', lomowner)), false
      from pg_largeobject_metadata
  union all
    select 'foreign-data wrapper', 'pg_foreign_data_wrapper'::regclass, oid, 0, '', fdwname, '', fdwowner,
           coalesce(fdwacl, acldefault('F', fdwowner)), false
      from pg_foreign_data_wrapper
  union all
    select 'foreign server', 'pg_foreign_server'::regclass, oid, 0, '', srvname, '', srvowner,
           coalesce(srvacl, acldefault('S', srvowner)), false
      from pg_foreign_server
  union all
    select 'tablespace', 'pg_tablespace'::regclass, oid, 0, '', spcname, '', spcowner,
           coalesce(spcacl, acldefault('t', spcowner)), false
      from pg_tablespace
  union all
    -- Parameters belong to the bootstrap superuser, whose oid is 10 on every server.
    -- A parameter that every session may set is called so; what cannot be seen is taken for the worse.
    select 'parameter', 'pg_parameter_acl'::regclass, oid, 0, '', parname,
           coalesce((select s.context from pg_settings s where s.name = parname), 'hidden'), 10::oid, paracl, false
      from pg_parameter_acl
), fenced as (
    -- Joining an empty array and OFFSET 0 detoast each list once; without them aclexplode does so for each entry.
    select kind, class, oid, part, schema, name, detail, owner, acl || '{}'::aclitem[] as acl, catalog
      from object offset 0
), power (kind, class, oid, part, schema, name, detail, catalog, source, role, privilege, grantable, grantor,
         grantor_reaches) as (
    select o.kind, o.class, o.oid, o.part, o.schema, o.name, o.detail, o.catalog, 'grant', x.grantee, x.privilege_type,
           x.is_grantable,
           case when x.grantor <> o.owner then pg_get_userbyid(x.grantor) end,
           coalesce(case when x.grantor <> o.owner and o.schema <> ''
                         then has_schema_privilege(x.grantor, to_regnamespace(quote_ident(o.schema)), 'USAGE') end, true)
      from fenced o cross join asked, aclexplode(o.acl) x
     where x.grantee = 0 or x.grantee = any (asked.roles)
  union all
    select o.kind, o.class, o.oid, o.part, o.schema, o.name, o.detail, o.catalog, 'owner', o.owner, null, true, null, true
      from object o cross join asked
     where o.owner = any (asked.roles)
  union all
    select o.kind, o.class, o.oid, o.part, o.schema, o.name, o.detail, o.catalog, 'predefined', p.role, p.privilege, false, null, true
      from object o join predefined p on p.kind = o.kind
)
select p.kind, p.oid, p.schema, p.name, p.detail, p.source, p.role, p.privilege, p.grantable, p.catalog,
       p.grantor, p.grantor_reaches,
       p.oid < 16384 as builtin,
       p.oid < 16384 and p.role = 0 and p.source = 'grant' and (
           exists (select from shipped s where s.classoid = p.class and s.objoid = p.oid and s.objsubid = p.part
                      and s.privilege_type = p.privilege)
           -- initdb notes only what differs from the defaults, and nothing of information_schema.
           or (p.kind in ('routine', 'language') and not exists (
                   select from pg_init_privs i where i.classoid = p.class and i.objoid = p.oid and i.privtype = 'i'))
           or (p.schema = 'information_schema' and p.privilege = 'SELECT')
           or (p.kind = 'schema' and p.name = 'information_schema' and p.privilege = 'USAGE')) as shipped
  from power p
 order by p.kind, p.schema, p.name, p.detail, p.source, p.role, p.privilege;
