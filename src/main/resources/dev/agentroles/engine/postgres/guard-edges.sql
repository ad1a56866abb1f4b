-- One row a way from one table to another whose rows change with it: `child` for a partition or an inheriting table, `key` for
-- a foreign key with CASCADE, SET NULL or SET DEFAULT, from the table it points at to the one that has it by itself; `rule` for a rule
-- that changes or deletes rows, to whatever it names, through views, too.
with recursive ruled (source, oid) as (
    select w.ev_class, d.refobjid
    from pg_rewrite w
    join pg_class s on s.oid = w.ev_class and s.relkind in ('r', 'p')
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                    and d.refclassid = 'pg_class'::regclass and d.refobjid <> w.ev_class
    -- UPDATE, DELETE and MERGE as the tree of a statement numbers them, and ON CONFLICT DO UPDATE.
    where w.ev_type <> '1' and w.ev_enabled <> 'D' and w.ev_action::text ~ ':commandType [245] |:onConflict \{'
  union
    select r.source, d.refobjid
    from ruled r
    join pg_class v on v.oid = r.oid and v.relkind = 'v'
    join pg_rewrite w on w.ev_class = v.oid
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                    and d.refclassid = 'pg_class'::regclass and d.refobjid <> v.oid
)
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
  -- What a partition has from its parent acts on the parent.
  and not exists (select from pg_constraint o where o.oid = k.conparentid and o.conrelid <> k.conrelid)
union all
select 'rule', sn.nspname, s.relname, tn.nspname, t.relname
from ruled r
join pg_class s on s.oid = r.source join pg_namespace sn on sn.oid = s.relnamespace
join pg_class t on t.oid = r.oid join pg_namespace tn on tn.oid = t.relnamespace
where t.relkind in ('r', 'p', 'f')
order by 1, 2, 3, 4, 5
