-- One row a table, partitioned table or foreign table of the database, with what the guard must know of it.
-- `definition` is how the guard hangs on it now, in a text that is the same on every version; null if it does not: the trigger,
-- whether the guard's role, which is the parameter, may read it, and whether its owner could restore it with the trigger.
with guard as (
    select (select oid from pg_roles where rolname = ?::name)            as role,
           to_regnamespace('agentroles_guard')                           as schema,
           to_regprocedure('agentroles_guard.admit()')                   as admit
)
select n.nspname                                                         as schema,
       c.relname                                                         as name,
       c.relkind::text                                                   as kind,
       coalesce(m.amname = 'heap', c.relkind = 'p')                      as heap,
       c.relispartition                                                  as partition,
       c.relrowsecurity                                                  as row_security,
       policy.there                                                      as policy,
       coalesce(has_schema_privilege(guard.role, n.oid, 'USAGE'), has_schema_privilege('public', n.oid, 'USAGE')) as reached,
       o.rolname                                                         as owner,
       pg_has_role(c.relowner, 'USAGE')                                  as owned,
       (select string_agg(concat_ws(' ', t.tgname, t.tgtype, t.tgenabled,
                                    case when t.tgnargs = 0 and t.tgattr = '' then '' else 'narrowed' end,
                                    f.proname, 'when', coalesce(pg_get_expr(t.tgqual, t.tgrelid), 'always')), '; ' order by t.tgname)
        from pg_trigger t join pg_proc f on f.oid = t.tgfoid
        where t.tgrelid = c.oid and not t.tgisinternal
          and (t.tgname = 'agentroles_guard'
               or f.pronamespace = guard.schema))
       || case when has_table_privilege(guard.role, c.oid, 'SELECT') and has_schema_privilege(guard.role, n.oid, 'USAGE')
                    and (policy.there or not c.relrowsecurity)
               then '; read by the guard' else '' end
       || case when has_function_privilege(c.relowner, guard.admit, 'EXECUTE') and has_schema_privilege(c.relowner, guard.schema, 'USAGE')
               then '; restored by its owner' else '' end                as definition
from guard, pg_class c
cross join lateral (
    select exists (select from pg_policy p
                   where p.polrelid = c.oid and p.polname = 'agentroles_guard' and p.polpermissive and p.polcmd = 'r'
                     and p.polroles = array[guard.role] and pg_get_expr(p.polqual, p.polrelid) = 'true') as there
) policy
join pg_namespace n on n.oid = c.relnamespace
join pg_roles o on o.oid = c.relowner
left join pg_am m on m.oid = c.relam
where c.relkind in ('r', 'p', 'f')
  and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'agentroles', 'agentroles_guard', 'agentroles_changes')
order by 1, 2
