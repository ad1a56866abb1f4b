-- One row a relation, or a column of it, that a view reads: with its owner's rights, or with the reader's if it is
-- security_invoker; then what the server itself has, as everybody may read it, is left out. Without a column the whole relation is read, or no column of it by name. A reference to a whole
-- row, which pg_depend does not note, stands in the rule's text as the column 0. Parameters: 1 =
-- whether columns are told apart, 2 = patterns of schemas.
with rule as materialized (
    select w.oid, v.oid as view, n.nspname, v.relname, not ? or strpos(w.ev_action::text, ':varattno 0 ') > 0 as whole,
           exists (select from pg_options_to_table(v.reloptions) o
                    where o.option_name = 'security_invoker' and o.option_value::boolean) as invoker
      from pg_class v
      join pg_namespace n on n.oid = v.relnamespace
      join pg_rewrite w on w.ev_class = v.oid and w.ev_type = '1'
     where v.relkind in ('v', 'm') and n.nspname like any (?)
       and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'agentroles', 'agentroles_guard', 'agentroles_changes')
)
select distinct
       r.nspname                                                     as view_schema,
       r.relname                                                     as view_name,
       r.invoker,
       bn.nspname                                                    as schema,
       b.relname                                                     as name,
       coalesce(a.attname, '')                                       as column_name
from rule r
join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
                and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.view
join pg_class b on b.oid = d.refobjid and b.relkind in ('r', 'p', 'v', 'm', 'f')
join pg_namespace bn on bn.oid = b.relnamespace
left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid and a.attnum > 0 and not r.whole
where not (r.invoker and bn.nspname in ('pg_catalog', 'information_schema'))
order by 1, 2, 4, 5, 6
