-- One row a role of the server: attributes, our mark if it has one, what the administrator may do with it, and, if it has a
-- mark, how many objects it owns in all databases, beside default privileges and its temporary ones in this one.
select
    r.oid::int8                                                      as oid,
    r.rolname                                                        as name,
    r.rolcanlogin                                                    as login,
    r.rolinherit                                                     as inherit,
    array_remove(array[
        case when r.rolsuper       then 'SUPERUSER'   end,
        case when r.rolcreaterole  then 'CREATEROLE'  end,
        case when r.rolcreatedb    then 'CREATEDB'    end,
        case when r.rolreplication then 'REPLICATION' end,
        case when r.rolbypassrls   then 'BYPASSRLS'   end], null)    as powers,
    case when isfinite(r.rolvaliduntil) then r.rolvaliduntil end     as valid_until,
    nullif(r.rolconnlimit, -1)                                       as connections,
    s.description                                                    as comment,
    case when s.description like 'agentroles %' then (
        select count(*) from pg_shdepend d
         where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o'
           and d.classid <> 'pg_default_acl'::regclass
           and not (d.dbid = (select oid from pg_database where datname = current_database())
                    and exists (select from pg_depend p
                                  join pg_namespace n on n.oid = p.refobjid and starts_with(n.nspname, 'pg_temp_')
                                 where p.classid = d.classid and p.objid = d.objid
                                   and p.refclassid = 'pg_namespace'::regclass)))
    else 0 end                                                       as owns,
    -- The names of the last argument differ by version: SET came with 16, where membership alone no longer means SET ROLE.
    case when current_setting('server_version_num')::int >= 160000
         then pg_has_role(r.oid, 'SET') else pg_has_role(r.oid, 'MEMBER') end as may_become,
    -- The functions look at what is there now: a login that was dropped since this query began is in nobody's way.
    pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION')
        or to_regrole(quote_ident(r.rolname)) is null                as may_administer
from pg_roles r
left join pg_shdescription s on s.classoid = 'pg_authid'::regclass and s.objoid = r.oid
where r.rolname !~ '^pg_'
order by r.rolname
