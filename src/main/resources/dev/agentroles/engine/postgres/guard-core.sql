-- One row a fact about the guard's own objects, none if there is no guard: `what` is all that decides how it works, in a text
-- that is the same on every version. `owner` is who can replace it. `removal` takes the object away, and `claim` gives it to the
-- schema's owner, if it has another, or takes back what only its grantor may. `source` is the text that tells the limits. The parameter is the guard's role.
with guard as (
    select n.oid, n.nspowner, n.nspacl, o.rolname as owner, r.oid as role
    from pg_namespace n join pg_roles o on o.oid = n.nspowner left join pg_roles r on r.rolname = ?::name
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
                 case p.proowner when guard.nspowner then 'owned' when guard.role then 'of the role' else 'owned by another' end,
                 -- Owners of tables may make a trigger of the one.
                 case when has_function_privilege(guard.role, p.oid, 'EXECUTE') and not exists (
                             select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
                             where x.grantee not in (p.proowner, guard.nspowner, guard.role)
                               and not (p.proname = 'admit' and exists (select from pg_class c where c.relowner = x.grantee)))
                      then 'closed' else 'open' end,
                 case when not p.limits then encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') end) as what,
       guard.owner                                                       as owner,
       'DROP ROUTINE ' || p.named                                        as removal,
       case when p.proowner <> guard.nspowner and (p.proowner = guard.role) is not true then format('ALTER ROUTINE %s OWNER TO %I', p.named, guard.owner) end as claim,
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
select concat_ws(' | ', 'rights on ' || c.relname,
                 (select string_agg(x.privilege_type, ' ' order by x.privilege_type)
                  from aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x
                  where x.grantee = case c.relkind when 'v' then c.relowner else guard.role end),
                 -- To bear the marker is for roles of ours.
                 case when exists (select from aclexplode(c.relacl) x
                                   where x.grantee not in (c.relowner, coalesce(guard.role, 0))
                                     and not (c.relname = 'marker' and coalesce(shobj_description(x.grantee, 'pg_authid'), '') ^@ 'agentroles '))
                      then 'open' end),
       guard.owner, null, null, null
from guard, relation c
where c.relkind = 'r' or c.relname = 'marker'
union all
select concat_ws(' | ', 'role', case when r.rolcanlogin or r.rolinherit or r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication
                                       or r.rolbypassrls then 'with attributes' end,
                 case when exists (select from pg_auth_members m
                                   where r.oid in (m.member, m.roleid)
                                     and (coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true)
                                          or coalesce((to_jsonb(m) ->> 'set_option')::boolean, true))) then 'with memberships' end),
       guard.owner, null,
       -- Since PostgreSQL 16 only who acts as its grantor takes a membership back.
       (select string_agg(format('REVOKE %I FROM %I GRANTED BY %I', g.rolname, u.rolname, b.rolname), '; ')
        from pg_auth_members m join pg_roles g on g.oid = m.roleid join pg_roles u on u.oid = m.member join pg_roles b on b.oid = m.grantor
        where r.oid in (m.member, m.roleid) and to_jsonb(m) ->> 'set_option' is not null and not pg_has_role(m.grantor, 'USAGE')
          and ((to_jsonb(m) ->> 'inherit_option')::boolean or (to_jsonb(m) ->> 'set_option')::boolean)),
       null
from guard join pg_roles r on r.oid = guard.role
union all
select concat_ws(' | ', 'schema',
                 case when not has_schema_privilege(guard.role, guard.oid, 'USAGE') or has_schema_privilege(guard.role, guard.oid, 'CREATE')
                        or exists (select from aclexplode(guard.nspacl) x
                                   where x.grantee not in (guard.nspowner, guard.role)
                                     and (x.privilege_type = 'CREATE' or not exists (select from pg_class c where c.relowner = x.grantee)))
                      then 'open' end),
       guard.owner, null, null, null
from guard
order by 1
