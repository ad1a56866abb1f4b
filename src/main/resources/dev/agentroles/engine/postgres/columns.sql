-- One row a column of a relation that an exclude names by column.
select n.nspname                                                     as schema,
       c.relname                                                     as relation,
       a.attname                                                     as name
from unnest(?::text[], ?::text[]) as wanted (schema_like, relation_like)
join pg_namespace n on n.nspname like wanted.schema_like
join pg_class c on c.relnamespace = n.oid and c.relname like wanted.relation_like and c.relkind in ('r', 'p', 'v', 'm', 'f')
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'agentroles')
group by 1, 2, 3, a.attnum
order by 1, 2, a.attnum
