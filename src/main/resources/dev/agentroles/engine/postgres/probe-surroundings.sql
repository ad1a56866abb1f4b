-- One row is one name that is tried out: a schema, a role that a session might become, a foreign-data wrapper, another
-- database.
select 'schema' as kind, nspname as name, '' as detail, 0 as rank
  from pg_namespace where nspname !~ '^pg_(toast|temp)' and nspname <> 'information_schema'
union all
select 'role', rolname, case when rolsuper then 'superuser' when rolname ~ '^pg_' then 'predefined' else '' end,
       case when rolsuper then 0 when rolname ~ '^pg_' then 1 else 2 end
  from pg_roles where rolname not in (session_user, 'pg_database_owner')
union all
select 'wrapper', fdwname, '', 0 from pg_foreign_data_wrapper
union all
select 'database', datname, '', 0 from pg_database where datallowconn and datname <> current_database()
union all
select 'here', current_database(), current_user, 0
 order by 1, 4, 2
