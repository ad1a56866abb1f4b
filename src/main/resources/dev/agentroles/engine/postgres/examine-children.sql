-- One row is one table that is read through a parent, however far up. Parameter: 1 = the oids of parents.
with recursive child (top, oid) as (
    select inhparent, inhrelid from pg_inherits where inhparent = any (?)
  union
    select c.top, i.inhrelid from child c join pg_inherits i on i.inhparent = c.oid
)
select pn.nspname as parent_schema, p.relname as parent, n.nspname as schema, c.relname as name,
       c.relispartition as partition
  from child
  join pg_class p on p.oid = child.top join pg_namespace pn on pn.oid = p.relnamespace
  join pg_class c on c.oid = child.oid join pg_namespace n on n.oid = c.relnamespace
 order by 1, 2, 3, 4
