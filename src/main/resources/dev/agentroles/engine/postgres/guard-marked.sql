-- One row: whether the triggers of the guard look at a role, and whether they look at each of its tier roles; none if there is no
-- marker.
select has_table_privilege(?::oid, c.oid, 'SELECT')                      as marked,
       (select bool_and(has_table_privilege(r.oid, c.oid, 'SELECT')) from pg_roles r where r.rolname = any (?::name[])) as tiers
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'agentroles_guard' and c.relname = 'marker'
