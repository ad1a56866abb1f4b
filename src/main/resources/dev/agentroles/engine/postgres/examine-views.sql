-- One row is one relation, or one column of it, that a view reads with its owner's rights, itself or through other views.
-- Without a column the whole relation is read, or no column of it by name. A reference to a whole row, which pg_depend does not
-- note, stands in the rule's text as the column 0. A materialized view holds what its owner read.
-- Parameter: 1 = the oids of views and materialized views.
with recursive definer (oid) as (
    select c.oid from pg_class c
     where c.oid = any (?)
       and not exists (select from pg_options_to_table(c.reloptions) o
                        where o.option_name = 'security_invoker' and o.option_value::boolean)
), reads (top, rule, oid, part) as (
    select v.oid, w.oid, d.refobjid, d.refobjsubid
      from definer v
      join pg_rewrite w on w.ev_class = v.oid and w.ev_type = '1'
      join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                      and d.refclassid = 'pg_class'::regclass and d.refobjid <> v.oid
  union
    select r.top, w.oid, d.refobjid, d.refobjsubid
      from reads r
      join pg_rewrite w on w.ev_class = r.oid and w.ev_type = '1'
      join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                      and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.oid
), whole (rule) as materialized (
    select w.oid from pg_rewrite w
     where w.oid in (select rule from reads) and strpos(w.ev_action::text, ':varattno 0 ') > 0
)
select distinct
       tn.nspname as schema, t.relname as name, t.relkind = 'm' as materialized, bn.nspname as base_schema, b.relname as base,
       coalesce(a.attname, '') as base_column
  from reads r
  join pg_class t on t.oid = r.top join pg_namespace tn on tn.oid = t.relnamespace
  join pg_class b on b.oid = r.oid join pg_namespace bn on bn.oid = b.relnamespace
  left join pg_attribute a on a.attrelid = r.oid and a.attnum = r.part and r.part > 0
                          and r.rule not in (select rule from whole)
 where b.relkind in ('r', 'p', 'f', 'm')
 order by 1, 2, 4, 5, 6
