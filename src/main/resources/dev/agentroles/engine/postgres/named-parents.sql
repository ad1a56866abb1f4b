-- One row is one table through which a table's rows are reached, nearest first. Parameter: 1 = the table's oid.
with recursive parent (oid, distance, partition) as (
    select i.inhparent, 1, c.relispartition from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhrelid = ?
  union
    select i.inhparent, p.distance + 1, p.partition and c.relispartition
      from parent p join pg_inherits i on i.inhrelid = p.oid join pg_class c on c.oid = i.inhrelid
)
select n.nspname as schema, c.relname as name, p.partition
  from parent p join pg_class c using (oid) join pg_namespace n on n.oid = c.relnamespace
 order by p.distance, 1, 2
