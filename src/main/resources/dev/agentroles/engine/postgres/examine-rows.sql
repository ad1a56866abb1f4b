-- One row is one row security policy of a table that a role may read. Parameters: 1 = the oids of tables, 2 = the oids of the
-- closure.
with fixed (name) as materialized (
    -- What no ordinary session sets. A parameter that the server does not know is one of the session's own.
    select lower(name) from pg_settings where context not in ('user', 'backend')
  union all
    values ('role'), ('session_authorization'), ('is_superuser')
)
select n.nspname as schema, c.relname as name, p.polname as policy, c.relrowsecurity as enabled,
       p.polpermissive and coalesce(pg_get_expr(p.polqual, p.polrelid), '') = 'true' as open,
       -- A name that is not written out can be any.
       exists (select from regexp_matches(pg_get_expr(p.polqual, p.polrelid), 'current_setting\((?:''([^'']+)'')?', 'g') m (parts)
                where parts[1] is null or lower(parts[1]) not in (select name from fixed)) as settable
  from pg_policy p
  join pg_class c on c.oid = p.polrelid
  join pg_namespace n on n.oid = c.relnamespace
 where p.polrelid = any (?) and (0 = any (p.polroles) or p.polroles && ?) and p.polcmd in ('*', 'r')
 order by 1, 2, 3
