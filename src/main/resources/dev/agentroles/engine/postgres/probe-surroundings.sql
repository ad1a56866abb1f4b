-- One row is one name that is tried out: a schema, a role that a session might become, a foreign-data wrapper, another
-- database. No logins of leases, unless they are superusers: those of other probes come and go meanwhile, and what they
-- give is their agent's, whose role is tried.
select 'schema' as kind, nspname as name, 0 as rank
  from pg_namespace where nspname !~ '^pg_(toast|temp)' and nspname <> 'information_schema'
union all
select 'role', rolname, case when rolsuper then 0 when rolname ~ '^pg_' then 1 else 2 end
  from pg_roles
 where rolname not in (session_user, 'pg_database_owner')
   and (rolsuper or coalesce(shobj_description(oid, 'pg_authid'), '')
                    !~ '^agentroles environment=\S+ database=\S+ agent=\S+ lease=\S+$')
union all
select 'wrapper', fdwname, 0 from pg_foreign_data_wrapper
union all
select 'database', datname, 0 from pg_database where datallowconn and datname <> current_database()
union all
select 'here', current_database(), 0
 order by 1, 3, 2
