-- One row a privilege on a table that the administrator may not grant, of those that are asked for.
select w.schema, w.name, w.privilege
from unnest(?::text[], ?::text[], ?::text[]) as w(schema, name, privilege)
join pg_namespace n on n.nspname = w.schema
join pg_class c on c.relnamespace = n.oid and c.relname = w.name
where not has_table_privilege(c.oid, w.privilege || ' WITH GRANT OPTION')
