-- One row is one role that one of the subjects belongs to over any number of hops and with any options, or a subject
-- itself. Parameter: 1 = the subjects' names.
with recursive membership (member, role) as (
    select member, roleid from pg_auth_members
  union all
    -- The owner of the current database is a member of pg_database_owner without a row that says so.
    select d.datdba, r.oid from pg_database d join pg_roles r on r.rolname = 'pg_database_owner'
     where d.datname = current_database()
), reached (oid) as (
    select oid from pg_roles where rolname = any (?)
  union
    select m.role from reached join membership m on m.member = reached.oid
)
select oid from reached
