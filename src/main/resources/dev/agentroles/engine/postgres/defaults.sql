-- One row a privilege that objects made later will carry for a role of ours. What a role of ours says of objects of its own is
-- left aside: it makes none, and no administrator could take it back.
with ours as (
    select unnest(?::oid[]) as oid
)
select o.rolname                                                     as creator,
       n.nspname                                                     as schema,
       case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'ROUTINES'
                            when 'T' then 'TYPES' when 'n' then 'SCHEMAS' when 'L' then 'LARGE OBJECTS' end as kind,
       x.privilege_type                                              as privilege,
       x.is_grantable                                                as grantable,
       e.rolname                                                     as grantee
from pg_default_acl d
join pg_roles o on o.oid = d.defaclrole
left join pg_namespace n on n.oid = d.defaclnamespace
cross join lateral aclexplode(d.defaclacl) x
join pg_roles e on e.oid = x.grantee
where x.grantee in (select oid from ours) and d.defaclrole not in (select oid from ours)
