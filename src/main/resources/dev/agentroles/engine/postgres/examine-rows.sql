-- One row is one row security policy that decides which rows of a table a role may read or write. Parameters: the oids of tables that it may
-- 1 = read, 2 = insert into, 3 = update, 4 = delete from; 5 = the oids of the closure.
with given (readable, inserts, updates, deletes, closure) as (
    select ?::oid[], ?::oid[], ?::oid[], ?::oid[], ?::oid[]
), fixed (name) as materialized (
    -- What no ordinary session sets. A parameter that the server does not know is one of the session's own.
    select lower(name) from pg_settings where context not in ('user', 'backend')
  union all
    values ('role'), ('session_authorization'), ('is_superuser')
), policy as (
    select p.polrelid, p.polname, p.polpermissive and p.polcmd in ('*', 'r') and p.polrelid = any (readable) as shows,
           pg_get_expr(p.polqual, p.polrelid) as qual,
           case when p.polrelid = any (inserts || updates) then pg_get_expr(p.polwithcheck, p.polrelid) end as written
      from given join pg_policy p on p.polrelid = any (case p.polcmd when 'r' then readable when 'a' then inserts when 'w' then updates
                                                                     when 'd' then deletes else readable || inserts || updates || deletes end)
     where 0 = any (p.polroles) or p.polroles && closure
)
select n.nspname as schema, c.relname as name, p.polname as policy, c.relrowsecurity as enabled,
       p.shows and coalesce(p.qual, '') = 'true' as open,
       -- A name that is not written out can be any.
       exists (select from regexp_matches(concat_ws(' ', p.qual, p.written), 'current_setting\((?:''([^'']+)'')?', 'g') m (parts)
                where parts[1] is null or lower(parts[1]) not in (select name from fixed)) as settable
  from policy p
  join pg_class c on c.oid = p.polrelid
  join pg_namespace n on n.oid = c.relnamespace
 order by 1, 2, 3
