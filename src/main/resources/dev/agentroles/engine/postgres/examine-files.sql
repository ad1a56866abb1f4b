-- One row is one foreign table that is a file or a program's output on the database host. Parameter: 1 = the oids of foreign
-- tables.
select n.nspname as schema, c.relname as name
  from pg_foreign_table t
  join pg_foreign_server s on s.oid = t.ftserver
  join pg_foreign_data_wrapper w on w.oid = s.srvfdw
  join pg_proc h on h.oid = w.fdwhandler and h.proname = 'file_fdw_handler'
  join pg_class c on c.oid = t.ftrelid
  join pg_namespace n on n.oid = c.relnamespace
 where t.ftrelid = any (?)
 order by 1, 2
