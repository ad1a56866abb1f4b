-- One row a column of a relation that an exclude names by column, or that is kin to one: a partition of it, a table that
-- inherits from it, or the other way about. `computed_from` are the columns that a generated one is computed from.
with recursive kin (oid, other) as materialized (
    select inhparent, inhrelid from pg_inherits
  union all
    select inhrelid, inhparent from pg_inherits
), asked (oid) as (
    select c.oid
      from unnest(?::text[], ?::text[]) as wanted (schema_like, relation_like)
      join pg_namespace n on n.nspname like wanted.schema_like
      join pg_class c on c.relnamespace = n.oid and c.relname like wanted.relation_like and c.relkind in ('r', 'p', 'v', 'm', 'f')
     where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'agentroles')
  union
    select kin.other from asked join kin using (oid)
)
select n.nspname                                                     as schema,
       c.relname                                                     as relation,
       a.attname                                                     as name,
       array(select source.attname::text
               from pg_attrdef d
               join pg_depend on classid = 'pg_attrdef'::regclass and objid = d.oid
                             and refclassid = 'pg_class'::regclass and refobjid = d.adrelid
               join pg_attribute source on source.attrelid = d.adrelid and source.attnum = refobjsubid
              where d.adrelid = a.attrelid and d.adnum = a.attnum and a.attgenerated <> ''
                and refobjsubid > 0 and refobjsubid <> d.adnum)          as computed_from
from asked
join pg_class c using (oid)
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
order by 1, 2, a.attnum
