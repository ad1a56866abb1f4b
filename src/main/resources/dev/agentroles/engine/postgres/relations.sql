-- One row a table, partitioned table, view, materialised view or foreign table in a schema that a pattern names.
-- `grantable` holds the privileges that the administrator may grant on it, one letter each as in ACLs; an owner may grant all.
select n.nspname                                                     as schema,
       c.relname                                                     as name,
       c.relkind::text                                               as kind,
       o.rolname                                                     as owner,
       case when pg_has_role(c.relowner, 'USAGE') then 'rawd' else
            case when has_table_privilege(c.oid, 'SELECT WITH GRANT OPTION') then 'r' else '' end
         || case when has_table_privilege(c.oid, 'INSERT WITH GRANT OPTION') then 'a' else '' end
         || case when has_table_privilege(c.oid, 'UPDATE WITH GRANT OPTION') then 'w' else '' end
         || case when has_table_privilege(c.oid, 'DELETE WITH GRANT OPTION') then 'd' else '' end
       end                                                           as grantable
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_roles o on o.oid = c.relowner
where c.relkind in ('r', 'p', 'v', 'm', 'f')
  and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'agentroles', 'agentroles_guard')
  and n.nspname like any (?)
order by 1, 2
