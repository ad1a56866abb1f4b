-- One row a fact about what agents ask for schema changes by, none if there is no schema of that name: `what` is all that decides how
-- it works, in a text that is the same on every version. `owner` is the schema's. `stranger`: it does not belong there, in words.
-- `claim` gives it to the schema's owner, if it has another. The schema is ours by its comment.
with door as (
    select n.oid, n.nspowner, n.nspacl, pg_get_userbyid(n.nspowner) as owner,
           coalesce(obj_description(n.oid, 'pg_namespace'), '') ^@ 'agentroles: '   as ours,
           (select r.oid = n.nspowner or r.rolsuper from pg_roles r where r.rolname = current_user) as owned
    from pg_namespace n where n.nspname = 'agentroles_changes'
), routine as (
    select p.*, p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as signature
    from door join pg_proc p on p.pronamespace = door.oid
)
select concat_ws(' | ', 'schema',
                 case when exists (select from aclexplode(door.nspacl) x
                                   where x.grantee <> door.nspowner
                                     and not coalesce(shobj_description(x.grantee, 'pg_authid'), '') ^@ 'agentroles ') then 'open' end) as what,
       door.owner as owner, door.ours as ours, door.owned as owned, null as stranger, null as claim, null as signature
from door
union all
select concat_ws(' | ', 'function ' || p.proname || '(' || pg_get_function_arguments(p.oid) || ')',
                 pg_get_function_result(p.oid), l.lanname,
                 case when p.prosecdef then 'definer' else 'invoker' end,
                 case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
                 coalesce(array_to_string(p.proconfig, '; '), ''),
                 case p.proowner when door.nspowner then 'owned' else 'owned by another' end,
                 case when exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
                                   where x.grantee not in (p.proowner, door.nspowner)
                                     and not coalesce(shobj_description(x.grantee, 'pg_authid'), '') ^@ 'agentroles ')
                      then 'open' else 'closed' end,
                 encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex')),
       door.owner, door.ours, true, null,
       case when p.proowner <> door.nspowner then format('ALTER ROUTINE %s OWNER TO %I', p.oid::regprocedure, door.owner) end,
       p.signature
from door, routine p join pg_language l on l.oid = p.prolang
where p.signature in ('asking()', 'request(text, text)', 'requests()') and p.prokind = 'f'
union all
select 'stranger ' || pg_describe_object(d.classid, d.objid, d.objsubid),
       door.owner, door.ours, true, pg_describe_object(d.classid, d.objid, d.objsubid), null, null
from door join pg_depend d on d.refclassid = 'pg_namespace'::regclass and d.refobjid = door.oid and d.deptype = 'n'
where not (d.classid = 'pg_proc'::regclass
           and d.objid in (select oid from routine where signature in ('asking()', 'request(text, text)', 'requests()') and prokind = 'f'))
order by 1
