-- One row a table that a view, given by its oid, reads and so may change: through other views, too.
with recursive behind(view, oid) as (
    select v.oid, v.oid from unnest(?::oid[]) v(oid)
  union
    select b.view, d.refobjid
    from behind b
    join pg_rewrite w on w.ev_class = b.oid
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                    and d.refclassid = 'pg_class'::regclass and d.refobjid <> b.oid
)
select distinct vn.nspname as view_schema, v.relname as view_name, n.nspname as schema, c.relname as name
from behind b
join pg_class v on v.oid = b.view join pg_namespace vn on vn.oid = v.relnamespace
join pg_class c on c.oid = b.oid join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f')
order by 1, 2, 3, 4
