-- One row: what the administrator of this session may do by itself, and who owns the database.
select
    r.rolname                                                        as administrator,
    r.rolsuper                                                       as superuser,
    r.rolcreaterole                                                  as create_role,
    current_database()                                               as database,
    o.rolname                                                        as database_owner,
    pg_has_role(d.datdba, 'USAGE')                                   as owns_database,
    has_database_privilege(d.oid, 'CONNECT WITH GRANT OPTION')       as may_grant_connect,
    has_database_privilege(d.oid, 'CREATE')                          as may_create_schema,
    to_regnamespace('agentroles') is not null                        as has_ledger,
    to_regnamespace('agentroles_guard') is not null                  as has_guard,
    to_regnamespace('agentroles_changes') is not null                as has_door
from pg_roles r, pg_database d, pg_roles o
where r.rolname = current_user and d.datname = current_database() and o.oid = d.datdba
