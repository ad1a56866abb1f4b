-- One row a table, partitioned table, view, materialised view or foreign table in a schema that a pattern names.
select n.nspname                                                     as schema,
       c.relname                                                     as name,
       c.relkind::text                                               as kind,
       o.rolname                                                     as owner
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_roles o on o.oid = c.relowner
where c.relkind in ('r', 'p', 'v', 'm', 'f')
  and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'agentroles', 'agentroles_guard', 'agentroles_changes')
  and n.nspname like any (?)
order by 1, 2
