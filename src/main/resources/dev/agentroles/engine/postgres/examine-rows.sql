-- One row is one row security policy of a table that a role may read. Parameters: 1 = the oids of tables, 2 = the oids of the
-- closure.
select n.nspname as schema, c.relname as name, p.polname as policy, c.relrowsecurity as enabled,
       p.polpermissive and coalesce(pg_get_expr(p.polqual, p.polrelid), '') = 'true' as open,
       -- A parameter with a dot in its name is nobody's: every session may set it.
       coalesce(pg_get_expr(p.polqual, p.polrelid), '') ~ 'current_setting\(''[^'']+\.' as settable
  from pg_policy p
  join pg_class c on c.oid = p.polrelid
  join pg_namespace n on n.oid = c.relnamespace
 where p.polrelid = any (?) and (0 = any (p.polroles) or p.polroles && ?) and p.polcmd in ('*', 'r')
 order by 1, 2, 3
