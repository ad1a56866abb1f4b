-- One row is one object of one of the kinds asked for that has the name asked for; without a name, one of the kind, and then
-- without columns. Of routines `matches` says whether the argument types are those asked for. The type of an array is its element's, as
-- for the server; row types belong to their tables.
-- Parameters: 1 = kinds, 2 = the parts of the name (null: whatever they are), 3 = argument types of a routine, or null, 4 = a type's name
-- as SQL writes it.
with asked as materialized (
    select ?::text[] as kinds, ?::text[] as parts, ?::text as arguments, ?::text as type
), object (kind, oid, schema, name, sub) as (
    select case c.relkind when 'S' then 'sequence' else 'relation' end, c.oid, n.nspname, c.relname, ''
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  union all
    select 'column', c.oid, n.nspname, c.relname, a.attname
      from asked
      join pg_namespace n on n.nspname = asked.parts[1]
      join pg_class c on c.relnamespace = n.oid and c.relname = asked.parts[2]
      join pg_attribute a on a.attrelid = c.oid and a.attname = asked.parts[3]
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and not a.attisdropped
  union all
    select 'routine', p.oid, n.nspname, p.proname, '(' || oidvectortypes(p.proargtypes) || ')'
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  union all
    select 'type', t.oid, n.nspname, t.typname, ''
      from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
     where t.typcategory <> 'A' and t.typtype <> 'm' and coalesce(c.relkind, 'c') = 'c'
  union all
    select 'schema', oid, '', nspname, '' from pg_namespace where nspname !~ '^pg_(toast_)?temp_'
  union all
    select 'database', oid, '', datname, '' from pg_database
  union all
    select 'language', oid, '', lanname, '' from pg_language
  union all
    select 'large object', oid, '', oid::text, '' from pg_largeobject_metadata
  union all
    select 'foreign-data wrapper', oid, '', fdwname, '' from pg_foreign_data_wrapper
  union all
    select 'foreign server', oid, '', srvname, '' from pg_foreign_server
  union all
    select 'tablespace', oid, '', spcname, '' from pg_tablespace
  union all
    select 'parameter', 0, '', name, '' from pg_settings
)
select o.kind, o.oid::int8 as oid, o.schema, o.name, o.sub,
       coalesce(case when o.kind = 'routine' and asked.arguments is not null
                     then o.oid = to_regprocedure(format('%I.%I(%s)', o.schema, o.name, asked.arguments))
                          or o.sub = '(' || asked.arguments || ')' end, asked.arguments is null) as matches
  from object o cross join asked
 where o.kind = any (asked.kinds)
   and (asked.parts is null and o.schema !~ '^pg_' and o.schema <> 'information_schema'
        or case when o.schema = '' then array[o.name]
                when o.kind = 'column' then array[o.schema, o.name, o.sub]
                else array[o.schema, o.name] end::text[] = asked.parts
        or (o.kind = 'type' and o.oid = (
               select coalesce((select e.oid from pg_type e where e.oid = t.typelem and t.typcategory = 'A'), t.oid)
                 from pg_type t where t.oid = to_regtype(asked.type))))
 order by 1, 3, 4, 5
