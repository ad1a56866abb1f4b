-- One row is one security label on a role of the closure. Parameter: 1 = the oids of the closure.
select r.rolname as role, l.provider, l.label
  from pg_shseclabel l join pg_roles r on r.oid = l.objoid
 where l.classoid = 'pg_authid'::regclass and l.objoid = any (?)
 order by 1, 2
