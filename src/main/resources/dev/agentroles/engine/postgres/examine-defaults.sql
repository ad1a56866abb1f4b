-- One row is one privilege on objects that a creator makes later, for a role of the closure or everybody. Empty schema: in
-- every schema. What roles of ours say of their own objects is left aside: they make none.
-- Parameter: 1 = the oids of the closure.
select o.rolname as creator, coalesce(n.nspname, '') as schema,
       case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'ROUTINES' when 'T' then 'TYPES'
                            when 'n' then 'SCHEMAS' else 'LARGE OBJECTS' end as kind,
       x.privilege_type as privilege, x.grantee, coalesce(g.rolname, '') as grantee_name, x.is_grantable as grantable
  from pg_default_acl d
  join pg_roles o on o.oid = d.defaclrole
  left join pg_namespace n on n.oid = d.defaclnamespace
  cross join aclexplode(d.defaclacl) x
  left join pg_roles g on g.oid = x.grantee
 where (x.grantee = 0 or x.grantee = any (?)) and x.grantee <> d.defaclrole
   and coalesce(shobj_description(o.oid, 'pg_authid'), '') not like 'agentroles %'
   -- PostgreSQL's own defaults, written down.
   and not (x.grantee = 0 and d.defaclobjtype in ('f', 'T'))
 order by 1, 2, 3, 4, 6
