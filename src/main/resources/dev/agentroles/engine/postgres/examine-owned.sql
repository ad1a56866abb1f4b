-- One row is what one of the roles owns (deptype o) or is named in (a access list, r policy, i initial access list),
-- counted by database and kind of object, with three examples. REASSIGN OWNED passes
-- over user mappings, so their servers are named. Empty database: shared by all of them.
-- Default privileges are nothing that an owner could use.
-- PostgreSQL notes here neither PUBLIC nor the bootstrap superuser. Grants in this database and on shared objects stand in
-- holdings.sql.
-- Parameter: 1 = the oids of the roles.
select s.refobjid as role, coalesce(d.datname, '') as database, coalesce(d.datname, '') in ('', current_database()) as here,
       s.deptype::text as deptype, s.classid::regclass::text as class, count(*) as objects,
       (array_agg(case when s.dbid in (0, mine.oid) then pg_describe_object(s.classid, s.objid, s.objsubid)
                       else s.classid::regclass || ' ' || s.objid end order by s.objid))[1:3] as examples,
       case when s.classid = 'pg_user_mapping'::regclass and d.datname = current_database()
            then (select array_agg(m.srvname order by m.srvname) from pg_user_mappings m where m.umuser = s.refobjid)
            else '{}' end as mapped_servers
  from pg_shdepend s
  left join pg_database d on d.oid = s.dbid
  cross join (select oid from pg_database where datname = current_database()) mine
 where s.refclassid = 'pg_authid'::regclass and s.refobjid = any (?)
   and (s.deptype = 'o' and s.classid <> 'pg_default_acl'::regclass or (s.deptype in ('a', 'i', 'r') and s.dbid not in (0, mine.oid)))
 group by s.refobjid, d.datname, s.deptype, s.classid
 order by 1, 2, 4, 5
