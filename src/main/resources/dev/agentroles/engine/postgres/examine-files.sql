-- One row is one foreign table that is a file or a program's output on the database host, and is read by its name or, as a part of
-- another table, through that. Parameter: 1 = the oids of tables.
with recursive part (top, oid) as (
    select oid, oid from pg_class where oid = any (?)
  union
    select part.top, i.inhrelid from part join pg_inherits i on i.inhparent = part.oid
)
select n.nspname as schema, c.relname as name, tn.nspname as top_schema, top.relname as top
  from part
  join pg_foreign_table t on t.ftrelid = part.oid
  join pg_foreign_server s on s.oid = t.ftserver
  join pg_foreign_data_wrapper w on w.oid = s.srvfdw
  join pg_proc h on h.oid = w.fdwhandler and h.proname = 'file_fdw_handler'
  join pg_class c on c.oid = part.oid join pg_namespace n on n.oid = c.relnamespace
  join pg_class top on top.oid = part.top join pg_namespace tn on tn.oid = top.relnamespace
 order by 1, 2, 3, 4
