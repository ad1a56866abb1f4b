-- One row is one text that decides what a subject can do. The ACL is no part of it: the catalog's witness reads that.
-- Parameters: 1 = the oids of views, 2 = the oids of routines, 3 = the oids of tables. Routines count that run as their owner.
select 'view ' || n.nspname || '.' || c.relname as identity,
       pg_get_userbyid(c.relowner) || e'\n' || coalesce(array_to_string(c.reloptions, ','), '') || e'\n' || pg_get_viewdef(c.oid) as text
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.oid = any (?)
union all
select 'routine ' || n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')',
       pg_get_userbyid(p.proowner) || e'\n' || pg_get_functiondef(p.oid)
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
 where p.oid = any (?) and p.prosecdef and p.prokind in ('f', 'p', 'w')
union all
select 'row security of ' || n.nspname || '.' || c.relname,
       c.relrowsecurity || ' ' || c.relforcerowsecurity || coalesce((
           select string_agg(format(e'\n%s %s %s %s %s %s', p.polname, p.polcmd, p.polpermissive,
                                    array(select case r when 0 then 'PUBLIC' else pg_get_userbyid(r)::text end from unnest(p.polroles) r order by 1),
                                    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)), '' order by p.polname)
             from pg_policy p where p.polrelid = c.oid), '')
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.oid = any (?) and (c.relrowsecurity or exists (select from pg_policy p where p.polrelid = c.oid))
 order by 1
