-- One row a fact about the guard's own objects, none if there is no guard: `what` is all that decides how it works, in a text
-- that is the same on every version. `owner` is who can replace it. `removal` takes the object away, and `claim` gives it to the
-- schema's owner, if it has another. `source` is the text that tells the limits.
with guard as (
    select n.oid, n.nspowner, o.rolname as owner
    from pg_namespace n join pg_roles o on o.oid = n.nspowner
    where n.nspname = 'agentroles_guard'
), routine as (
    select p.*, format('agentroles_guard.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) as named,
           p.proname = 'limits' and pg_get_function_identity_arguments(p.oid) = 'agent name' as limits
    from guard join pg_proc p on p.pronamespace = guard.oid
), relation as (
    select c.*, format('%s agentroles_guard.%I',
                       case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' when 'S' then 'SEQUENCE'
                                      when 'f' then 'FOREIGN TABLE' when 'c' then 'TYPE' else 'TABLE' end,
                       c.relname)                                        as named
    from guard join pg_class c on c.relnamespace = guard.oid
    where c.relkind not in ('i', 'I')
)
select concat_ws(' | ', 'function ' || p.proname || '(' || pg_get_function_arguments(p.oid) || ')',
                 pg_get_function_result(p.oid), l.lanname,
                 case when p.prosecdef then 'definer' else 'invoker' end,
                 case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
                 coalesce(array_to_string(p.proconfig, '; '), ''),
                 case when p.proowner = guard.nspowner then 'owned' else 'owned by another' end,
                 case when exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x where x.grantee <> p.proowner)
                      then 'open' else 'closed' end,
                 case when not p.limits then encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') end) as what,
       guard.owner                                                       as owner,
       'DROP ROUTINE ' || p.named                                        as removal,
       case when p.proowner <> guard.nspowner then format('ALTER ROUTINE %s OWNER TO %I', p.named, guard.owner) end as claim,
       case when p.limits then p.prosrc end                              as source
from guard, routine p join pg_language l on l.oid = p.prolang
union all
select concat_ws(' | ', 'trigger ' || t.tgname, t.tgtype, t.tgenabled, t.tgdeferrable, t.tginitdeferred, f.proname,
                 pg_get_triggerdef(t.oid) like '%WHEN (new.due)%'),
       guard.owner, format('DROP TRIGGER IF EXISTS %I ON agentroles_guard.mark', t.tgname), null, null
from guard, relation c join pg_trigger t on t.tgrelid = c.oid join pg_proc f on f.oid = t.tgfoid
where c.relname = 'mark' and not t.tgisinternal
union all
select concat_ws(' | ', 'relation ' || c.relname, c.relkind::text, c.relpersistence::text,
                 case when c.relowner = guard.nspowner then 'owned' else 'owned by another' end,
                 case when c.relkind = 'r' then
                   (select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                                      || case when a.attnotnull then ' not null' else '' end, ', ' order by a.attnum)
                    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) end,
                 (select string_agg(pg_get_constraintdef(k.oid), '; ' order by k.conname)
                  from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'c', 'f', 'x')),
                 case when c.relkind = 'r' and (c.relhasrules or c.relrowsecurity or c.relforcerowsecurity) then 'ruled' end),
       -- The triggers of all guarded tables depend on the marker, and a view of a constant can be replaced.
       guard.owner, case when c.relname <> 'marker' then 'DROP ' || c.named end,
       case when c.relowner <> guard.nspowner then format('ALTER %s OWNER TO %I', c.named, guard.owner) end, null
from guard, relation c
union all
select concat_ws(' | ', 'index ' || i.relname, pg_get_indexdef(x.indexrelid)),
       guard.owner, format('DROP INDEX agentroles_guard.%I', i.relname), null, null
from guard, relation c join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid
where not exists (select from pg_constraint k where k.conindid = x.indexrelid)
union all
select 'schema', guard.owner, null, null, null from guard
order by 1
