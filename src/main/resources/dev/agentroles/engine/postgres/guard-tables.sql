-- One row a table, partitioned table or foreign table of the database, with what the guard must know of it.
-- `definition` is how the guard hangs on it now, in a text that is the same on every version; null if it does not.
select n.nspname                                                         as schema,
       c.relname                                                         as name,
       c.relkind::text                                                   as kind,
       coalesce(m.amname = 'heap', c.relkind = 'p')                      as heap,
       c.relispartition                                                  as partition,
       c.relforcerowsecurity                                             as forced,
       o.rolname                                                         as owner,
       pg_has_role(c.relowner, 'USAGE')                                  as owned,
       (select string_agg(concat_ws(' ', t.tgname, t.tgtype, t.tgenabled,
                                    case when t.tgnargs = 0 and t.tgattr = '' then '' else 'narrowed' end,
                                    f.proname, 'when', coalesce(pg_get_expr(t.tgqual, t.tgrelid), 'always')), '; ' order by t.tgname)
        from pg_trigger t join pg_proc f on f.oid = t.tgfoid
        where t.tgrelid = c.oid and not t.tgisinternal
          and (t.tgname = 'agentroles_guard'
               or f.pronamespace = (select oid from pg_namespace where nspname = 'agentroles_guard'))) as definition
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_roles o on o.oid = c.relowner
left join pg_am m on m.oid = c.relam
where c.relkind in ('r', 'p', 'f')
  and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'agentroles', 'agentroles_guard')
order by 1, 2
