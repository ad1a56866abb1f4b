-- One row a session that holds a lock on a relation, given by its schema and name, or on one of the guard's own if none is
-- given.
select distinct l.pid as session, coalesce(a.usename, 'nobody')          as login
from pg_locks l
join pg_stat_activity a on a.pid = l.pid
join pg_class c on c.oid = l.relation
join pg_namespace n on n.oid = c.relnamespace
where l.locktype = 'relation' and l.granted and l.pid <> pg_backend_pid()
  and l.database = (select oid from pg_database where datname = current_database())
  -- Plain reads and the locks of SELECT FOR UPDATE hold nobody up but who wants the table for itself.
  and (l.mode not in ('AccessShareLock', 'RowShareLock') or ?)
  and n.nspname = ? and (c.relname = ? or ?)
order by 1
