-- One row a schema that is not the server's.
select n.nspname                                                     as name,
       o.rolname                                                     as owner,
       has_schema_privilege(n.oid, 'USAGE WITH GRANT OPTION')        as may_grant,
       has_schema_privilege(n.oid, 'USAGE')                          as usable
from pg_namespace n
join pg_roles o on o.oid = n.nspowner
where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'agentroles', 'agentroles_guard', 'agentroles_changes')
order by 1
