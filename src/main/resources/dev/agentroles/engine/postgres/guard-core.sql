-- One row a fact about the guard's own objects, none if there is no guard: `what` is all that decides how it works, in a text
-- that is the same on every version. `owner` is who can replace it.
with guard as (
    select n.oid, n.nspowner, o.rolname as owner
    from pg_namespace n join pg_roles o on o.oid = n.nspowner
    where n.nspname = 'agentroles_guard'
)
select concat_ws(' | ', 'function ' || p.proname || '(' || pg_get_function_arguments(p.oid) || ')',
                 pg_get_function_result(p.oid), l.lanname,
                 case when p.prosecdef then 'definer' else 'invoker' end,
                 case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
                 coalesce(array_to_string(p.proconfig, '; '), ''),
                 case when p.proowner = guard.nspowner then 'owned' else 'owned by another' end,
                 case when exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x where x.grantee <> p.proowner)
                      then 'open' else 'closed' end,
                 encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex'))    as what,
       guard.owner                                                       as owner
from guard join pg_proc p on p.pronamespace = guard.oid join pg_language l on l.oid = p.prolang
union all
select concat_ws(' | ', 'trigger ' || t.tgname, t.tgtype, t.tgenabled, t.tgdeferrable, t.tginitdeferred, f.proname,
                 pg_get_triggerdef(t.oid) like '%WHEN (new.due)%',
                 pg_get_triggerdef(t.oid) like '%WHEN ((new.due AND (NOT old.due)))%'),
       guard.owner
from guard join pg_class c on c.relnamespace = guard.oid and c.relname = 'mark' join pg_trigger t on t.tgrelid = c.oid
           join pg_proc f on f.oid = t.tgfoid
where not t.tgisinternal
union all
select concat_ws(' | ', 'relation ' || c.relname, c.relkind::text, c.relpersistence::text,
                 case when c.relowner = guard.nspowner then 'owned' else 'owned by another' end),
       guard.owner
from guard join pg_class c on c.relnamespace = guard.oid
where c.relkind <> 'i'
union all
select 'schema', guard.owner from guard
order by 1
