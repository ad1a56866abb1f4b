-- One row a sequence behind a serial column (identity columns need no grant), for tables in schemas that a pattern names.
select n.nspname                                                     as table_schema,
       c.relname                                                     as table_name,
       sn.nspname                                                    as schema,
       s.relname                                                     as name,
       so.rolname                                                    as owner,
       has_sequence_privilege(s.oid, 'USAGE WITH GRANT OPTION')      as may_grant
from pg_class s
join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = s.oid and d.deptype = 'a'
                and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
join pg_class c on c.oid = d.refobjid
join pg_namespace n on n.oid = c.relnamespace
join pg_namespace sn on sn.oid = s.relnamespace
join pg_roles so on so.oid = s.relowner
where s.relkind = 'S' and n.nspname like any (?)
order by 1, 2, 3, 4
