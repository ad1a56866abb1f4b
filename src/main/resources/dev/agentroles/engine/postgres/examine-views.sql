-- One row is one relation, or one column of it, that a view reads with its owner's rights, itself or through other views.
-- A materialized view holds what its owner read. Parameter: 1 = the oids of views and materialized views.
with recursive definer (oid) as (
    select c.oid from pg_class c
     where c.oid = any (?)
       and not exists (select from unnest(c.reloptions) o where o in ('security_invoker=true', 'security_invoker=on', 'security_invoker=1'))
), reads (top, oid, part) as (
    select v.oid, d.refobjid, d.refobjsubid
      from definer v
      join pg_rewrite w on w.ev_class = v.oid
      join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                      and d.refclassid = 'pg_class'::regclass and d.refobjid <> v.oid
  union
    select r.top, d.refobjid, d.refobjsubid
      from reads r
      join pg_rewrite w on w.ev_class = r.oid
      join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                      and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.oid
)
select tn.nspname as schema, t.relname as name, t.relkind = 'm' as materialized, bn.nspname as base_schema, b.relname as base,
       coalesce(a.attname, '') as base_column
  from reads r
  join pg_class t on t.oid = r.top join pg_namespace tn on tn.oid = t.relnamespace
  join pg_class b on b.oid = r.oid join pg_namespace bn on bn.oid = b.relnamespace
  left join pg_attribute a on a.attrelid = r.oid and a.attnum = r.part and r.part > 0
 where b.relkind in ('r', 'p', 'f', 'm')
   -- The row for the whole relation tells nothing more where its columns are named.
   and (r.part > 0 or not exists (select from reads c where c.top = r.top and c.oid = r.oid and c.part > 0))
 order by 1, 2, 4, 5, 6
