-- One row a prepared transaction of this database: its login, null if that is gone, and the mark of it.
select x.gid as name, r.rolname as login, shobj_description(r.oid, 'pg_authid') as mark
from pg_prepared_xacts x
left join pg_roles r on r.rolname = x.owner
where x.database = current_database()
order by 1
