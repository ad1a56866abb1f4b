-- One row is one column that is read with the reader's rights by whoever reads a view, through whichever other views: by
-- every security_invoker view on the way. Empty: a relation of which no column is read by name. A reference to a whole row,
-- which pg_depend does not note, stands in the rule's text as the column 0, and reads every column.
-- Parameter: 1 = the oids of relations.
with recursive reached (top, oid) as (
    select c.oid, c.oid from pg_class c where c.oid = any (?) and c.relkind = 'v'
  union
    select r.top, c.oid
      from reached r
      join pg_rewrite w on w.ev_class = r.oid and w.ev_type = '1'
      join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
      join pg_class c on c.oid = d.refobjid and c.relkind = 'v'
), invoker as materialized (
    select r.top, w.oid as rule, r.oid as view, strpos(w.ev_action::text, ':varattno 0 ') > 0 as whole
      from reached r
      join pg_class c using (oid)
      join pg_rewrite w on w.ev_class = c.oid and w.ev_type = '1'
     where exists (select from pg_options_to_table(c.reloptions) o
                    where o.option_name = 'security_invoker' and o.option_value::boolean)
)
select distinct i.top as oid, n.nspname as schema, b.relname as name, coalesce(a.attname, '') as column_name
  from invoker i
  join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = i.rule and d.refclassid = 'pg_class'::regclass
                  and d.refobjid <> i.view
  join pg_class b on b.oid = d.refobjid and b.relkind in ('r', 'p', 'v', 'm', 'f')
  join pg_namespace n on n.oid = b.relnamespace and n.nspname not in ('pg_catalog', 'information_schema')
  left join pg_attribute a on a.attrelid = b.oid and a.attnum > 0 and not a.attisdropped
                          and (a.attnum = d.refobjsubid or i.whole)
 order by 1, 2, 3, 4
