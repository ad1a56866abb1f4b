-- One row if there is a guard here that this administrator owns.
select from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'agentroles_guard' and c.relname = 'mark' and pg_has_role(c.relowner, 'USAGE')
