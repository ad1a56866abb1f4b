-- One row is one setting that a session of the role gets at login. Empty role or database: for all of them.
-- Parameter: 1 = the role's oid.
select coalesce(r.rolname, '') as role, coalesce(d.datname, '') as database,
       split_part(c.setting, '=', 1) as name, substr(c.setting, strpos(c.setting, '=') + 1) as value
  from pg_db_role_setting s
  cross join unnest(s.setconfig) c (setting)
  left join pg_roles r on r.oid = s.setrole
  left join pg_database d on d.oid = s.setdatabase
 where s.setrole in (0, ?) and (s.setdatabase = 0 or d.datname = current_database())
 order by 1, 2, 3
