-- One row is what the server itself says of one privilege on one object for one role, with or without grant option.
-- Parameter: 1 = the role's name.
with object (kind, oid, part, schema, name, detail) as (
    select case c.relkind when 'S' then 'sequence' else 'relation' end, c.oid, 0, n.nspname, c.relname, ''
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relpersistence <> 't'
  union all
    select 'column', c.oid, a.attnum, n.nspname, c.relname, a.attname
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f')
       and (c.oid >= 16384 or c.relname in ('pg_authid', 'pg_class', 'pg_subscription', 'pg_settings'))
  union all
    select 'schema', oid, 0, '', nspname, '' from pg_namespace where nspname !~ '^pg_(toast_)?temp_'
  union all
    select 'database', oid, 0, '', datname, '' from pg_database where datname in (current_database(), 'postgres', 'template0')
  union all
    select 'routine', p.oid, 0, n.nspname, p.proname, '(' || oidvectortypes(p.proargtypes) || ')'
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.oid >= 16384 or p.proacl is not null
  union all
    select 'type', t.oid, 0, n.nspname, t.typname, ''
      from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
     where t.oid >= 16384 and t.typcategory <> 'A' and t.typtype <> 'm' and coalesce(c.relkind, 'c') = 'c'
  union all
    select 'language', oid, 0, '', lanname, '' from pg_language
  union all
    select 'foreign-data wrapper', oid, 0, '', fdwname, '' from pg_foreign_data_wrapper
  union all
    select 'foreign server', oid, 0, '', srvname, '' from pg_foreign_server
  union all
    select 'tablespace', oid, 0, '', spcname, '' from pg_tablespace
  union all
    select 'parameter', oid, 0, '', parname, '' from pg_parameter_acl
), asked (kind, privilege) as (
    select 'relation', unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
  union all select 'relation', 'MAINTAIN' where current_setting('server_version_num')::int >= 170000
  union all select 'column', unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'])
  union all select 'sequence', unnest(array['SELECT', 'UPDATE', 'USAGE'])
  union all select 'schema', unnest(array['USAGE', 'CREATE'])
  union all select 'database', unnest(array['CREATE', 'CONNECT', 'TEMPORARY'])
  union all select 'routine', 'EXECUTE'
  union all select unnest(array['type', 'language', 'foreign-data wrapper', 'foreign server']), 'USAGE'
  union all select 'tablespace', 'CREATE'
  union all select 'parameter', unnest(array['SET', 'ALTER SYSTEM'])
), wanted as materialized (
    select r.oid as role, o.*, a.privilege, option.wanted as option,
           a.privilege || case when option.wanted then ' WITH GRANT OPTION' else '' end as words
      from pg_roles r cross join object o join asked a using (kind) cross join (values (false), (true)) option (wanted)
     where r.rolname = ?
)
select kind, schema, name, detail, privilege, option,
       case kind
           when 'relation' then has_table_privilege(role, oid, words)
           when 'column' then has_column_privilege(role, oid, part::smallint, words)
           when 'sequence' then has_sequence_privilege(role, oid, words)
           when 'schema' then has_schema_privilege(role, oid, words)
           when 'database' then has_database_privilege(role, oid, words)
           when 'routine' then has_function_privilege(role, oid, words)
           when 'type' then has_type_privilege(role, oid, words)
           when 'language' then has_language_privilege(role, oid, words)
           when 'foreign-data wrapper' then has_foreign_data_wrapper_privilege(role, oid, words)
           when 'foreign server' then has_server_privilege(role, oid, words)
           when 'tablespace' then has_tablespace_privilege(role, oid, words)
           when 'parameter' then has_parameter_privilege(role, name, words)
       end as has
  from wanted
