-- One row is one table or view of the database, as every role can see it, with a number to sample by.
select c.oid, n.nspname as schema, c.relname as name, c.relkind::text as kind,
       hashtext(n.nspname || '.' || c.relname) as chance
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't'
   and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and not c.relispartition
 order by n.nspname, c.relname
