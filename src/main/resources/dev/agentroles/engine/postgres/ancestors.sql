-- One row is one table and one of those that it is a partition of or inherits from, however far up.
with recursive part (oid, ancestor) as (
    select i.inhrelid, i.inhparent
      from pg_inherits i join pg_class c on c.oid = i.inhrelid and c.relkind in ('r', 'p', 'f')
  union
    select p.oid, i.inhparent from part p join pg_inherits i on i.inhrelid = p.ancestor
)
select n.nspname                                                     as schema,
       c.relname                                                     as name,
       an.nspname                                                    as ancestor_schema,
       a.relname                                                     as ancestor
from part
join pg_class c on c.oid = part.oid join pg_namespace n on n.oid = c.relnamespace
join pg_class a on a.oid = part.ancestor join pg_namespace an on an.oid = a.relnamespace
order by 1, 2, 3, 4
