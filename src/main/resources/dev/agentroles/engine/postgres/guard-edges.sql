-- One row a way from one table to another whose rows change with it: `child` for a partition or an inheriting table, `key` for
-- a foreign key with CASCADE, SET NULL or SET DEFAULT, from the table it points at to the one that has it.
select 'child'                                                           as kind,
       pn.nspname as from_schema, p.relname as from_name, cn.nspname as to_schema, c.relname as to_name
from pg_inherits h
join pg_class p on p.oid = h.inhparent join pg_namespace pn on pn.oid = p.relnamespace
join pg_class c on c.oid = h.inhrelid join pg_namespace cn on cn.oid = c.relnamespace
where p.relkind in ('r', 'p')
union all
select 'key', pn.nspname, p.relname, cn.nspname, c.relname
from pg_constraint k
join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
join pg_class c on c.oid = k.conrelid join pg_namespace cn on cn.oid = c.relnamespace
where k.contype = 'f' and (k.confdeltype in ('c', 'n', 'd') or k.confupdtype in ('c', 'n', 'd'))
order by 1, 2, 3, 4, 5
