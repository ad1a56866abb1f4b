-- One row a privilege of PUBLIC that a word of `harden` takes away, with the roles that hold it through PUBLIC alone, act in
-- sessions, and would lose it. Parameters: the words, the roles of agents of any database, who are given nothing, the schemas that scopes name (as LIKE
-- patterns).
with recursive words as materialized (
    select unnest(?::text[]) as word
), agents as materialized (
    select unnest(?::oid[]) as oid
), entered (oid) as (
    -- Logins, and what they can become. Since 16 each membership says whether it can be; before, every one can.
    select r.oid from pg_roles r
     where r.rolcanlogin and not r.rolsuper and not exists (select from agents where agents.oid = r.oid)
  union
    select m.roleid from entered join pg_auth_members m on m.member = entered.oid
     where coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)
), acting as materialized (
    select r.oid, r.rolname, r.rolcanlogin
      from pg_roles r
     where (r.oid in (select oid from entered) or r.oid in (select proowner from pg_proc where prosecdef))
       and not r.rolsuper and r.rolname !~ '^pg_' and not exists (select from agents where agents.oid = r.oid)
), candidates as (
    select 'public-temp' as word, 'database' as kind, '' as schema, datname as name, '' as sub, 'TEMPORARY' as privilege,
           coalesce(datacl, acldefault('d', datdba)) as acl, datdba as owner
    from pg_database where datname = current_database()
  union all
    select 'public-connect', 'database', '', datname, '', 'CONNECT', coalesce(datacl, acldefault('d', datdba)), datdba
    from pg_database where datallowconn and datname <> current_database()
  union all
    select 'public-create', 'schema', '', nspname, '', 'CREATE', coalesce(nspacl, acldefault('n', nspowner)), nspowner
    from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
  union all
    select 'public-create', 'database', '', datname, '', 'CREATE', coalesce(datacl, acldefault('d', datdba)), datdba
    from pg_database where datname = current_database()
  union all
    select 'public-languages', 'language', '', lanname, '', 'USAGE', coalesce(lanacl, acldefault('l', lanowner)), lanowner
    from pg_language where lanpltrusted
  union all
    select 'public-large-objects', 'routine', 'pg_catalog', proname, '(' || oidvectortypes(proargtypes) || ')', 'EXECUTE',
           coalesce(proacl, acldefault('f', proowner)), proowner
    from pg_proc
    where pronamespace = 'pg_catalog'::regnamespace
      and proname in ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_open', 'lo_put', 'lo_truncate', 'lo_truncate64', 'lo_unlink', 'lowrite')
  union all
    select 'public-execute', 'routine', n.nspname, p.proname, '(' || oidvectortypes(p.proargtypes) || ')', 'EXECUTE',
           coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname like any (?) and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select c.word, c.kind, c.schema, c.name, c.sub, c.privilege,
       o.rolname                                                     as owner,
       pg_has_role(c.owner, 'USAGE')                                 as owned,
       array(select r.rolname::text
             from acting r
             where (r.rolcanlogin or c.privilege <> 'CONNECT')
               and not pg_has_role(r.oid, c.owner, 'USAGE')
               and not exists (select from aclexplode(c.acl) k
                               where k.privilege_type = c.privilege and k.grantee <> 0 and pg_has_role(r.oid, k.grantee, 'USAGE'))
             order by 1)                                             as keepers
from candidates c
join words on words.word = c.word
join pg_roles o on o.oid = c.owner
where exists (select from aclexplode(c.acl) p where p.grantee = 0 and p.privilege_type = c.privilege)
order by 1, 2, 3, 4, 5
