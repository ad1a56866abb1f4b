-- One row a session or prepared transaction that holds a lock on a relation, given by its schema and name, or on one of the
-- guard's own if none is given.
select distinct case when l.pid is not null and a.usesysid is null then format('process %s of the server itself, as autovacuum is', l.pid)
                     when l.pid is not null then format('session %s of %s', l.pid, coalesce(a.usename, 'a login that is gone'))
                     else format('prepared transaction %L of %s', x.gid, coalesce(x.owner, 'a login that is gone')) end as holder
from pg_locks l
left join pg_stat_activity a on a.pid = l.pid
-- A prepared transaction holds its own number, too.
left join pg_locks t on t.locktype = 'transactionid' and t.pid is null and l.pid is null and t.virtualtransaction = l.virtualtransaction
left join pg_prepared_xacts x on x.transaction = t.transactionid
join pg_class c on c.oid = l.relation
join pg_namespace n on n.oid = c.relnamespace
where l.locktype = 'relation' and l.granted and l.pid is distinct from pg_backend_pid()
  and l.database = (select oid from pg_database where datname = current_database())
  -- Plain reads and the locks of SELECT FOR UPDATE hold nobody up but who wants the table for itself.
  and (l.mode not in ('AccessShareLock', 'RowShareLock') or ?)
  and n.nspname = ? and (c.relname = ? or ?)
order by 1
