-- One row a privilege that a role of ours holds by an ACL entry of its own, whatever the object, with who granted it and whether
-- the administrator may take it back. What roles of ours own they may give to each other, temporary objects among it: no plan
-- can mend that, and none may stop at it. Who names an object in REVOKE must be able to use its schema. What an owner has is no grant. `offset 0` keeps the ACL from being read from its TOAST table once for each entry.
with ours as materialized (
    select unnest(?::oid[]) as oid
), acls as (
    select case when c.relkind = 'S' then 'sequence' else 'relation' end as kind,
           n.nspname as schema, c.relname as name, '' as sub, c.acl, c.relowner as owner
    from (select oid, relname, relkind, relnamespace, relowner, relacl || '{}'::aclitem[] as acl
          from pg_class where relacl is not null offset 0) c
    join pg_namespace n on n.oid = c.relnamespace
  union all
    select 'column', n.nspname, c.relname, a.attname, a.attacl, c.relowner
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    where a.attacl is not null and not a.attisdropped
  union all
    select 'schema', '', nspname, '', nspacl, nspowner from pg_namespace where nspacl is not null
  union all
    select 'database', '', datname, '', datacl, datdba from pg_database where datacl is not null
  union all
    select 'routine', n.nspname, p.proname, '(' || oidvectortypes(p.proargtypes) || ')', p.proacl, p.proowner
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.proacl is not null
  union all
    select 'type', n.nspname, t.typname, '', t.typacl, t.typowner
    from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typacl is not null
  union all
    select 'language', '', lanname, '', lanacl, lanowner from pg_language where lanacl is not null
  union all
    select 'large object', '', oid::text, '', lomacl, lomowner from pg_largeobject_metadata where lomacl is not null
  union all
    select 'foreign-data wrapper', '', fdwname, '', fdwacl, fdwowner from pg_foreign_data_wrapper where fdwacl is not null
  union all
    select 'foreign server', '', srvname, '', srvacl, srvowner from pg_foreign_server where srvacl is not null
  union all
    select 'tablespace', '', spcname, '', spcacl, spcowner from pg_tablespace where spcacl is not null
  union all
    select 'parameter', '', parname, '', paracl, 10 from pg_parameter_acl
)
select acls.kind, acls.schema, acls.name, acls.sub,
       x.privilege_type                                              as privilege,
       x.is_grantable                                                as grantable,
       e.rolname                                                     as grantee,
       b.rolname                                                     as grantor,
       x.grantor = acls.owner                                        as by_owner,
       pg_has_role(acls.owner, 'USAGE')                              as owned,
       acls.schema = '' or has_schema_privilege(acls.schema, 'USAGE')            as reached,
       acls.schema = '' or has_schema_privilege(x.grantor, acls.schema, 'USAGE') as grantor_reaches
from acls, aclexplode(acls.acl) x
join ours on ours.oid = x.grantee
join pg_roles e on e.oid = x.grantee
join pg_roles b on b.oid = x.grantor
where x.grantee <> acls.owner
  and acls.schema !~ '^pg_temp_'
  and (pg_has_role(acls.owner, 'USAGE') or not exists (select from ours where ours.oid = acls.owner))
