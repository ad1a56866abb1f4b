-- One row a setting that a role of ours gets at login.
select r.rolname                                                     as role,
       d.datname                                                     as database,
       split_part(s.entry, '=', 1)                                   as name,
       substr(s.entry, strpos(s.entry, '=') + 1)                     as value
from (select setrole, setdatabase, unnest(setconfig) as entry from pg_db_role_setting) s
join pg_roles r on r.oid = s.setrole
left join pg_database d on d.oid = s.setdatabase
where s.setrole = any (?::oid[])
