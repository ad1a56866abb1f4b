-- One row a relation that a view reads with its owner's rights: not the reader's. Views with security_invoker have none.
select distinct
       n.nspname                                                     as view_schema,
       v.relname                                                     as view_name,
       bn.nspname                                                    as schema,
       b.relname                                                     as name
from pg_class v
join pg_namespace n on n.oid = v.relnamespace
join pg_rewrite w on w.ev_class = v.oid
join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                and d.refclassid = 'pg_class'::regclass and d.refobjid <> v.oid
join pg_class b on b.oid = d.refobjid and b.relkind in ('r', 'p', 'v', 'm', 'f')
join pg_namespace bn on bn.oid = b.relnamespace
where v.relkind in ('v', 'm') and n.nspname like any (?)
  and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'agentroles', 'agentroles_guard')
  and not coalesce(v.reloptions && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1', 'security_invoker=yes'], false)
order by 1, 2, 3, 4
