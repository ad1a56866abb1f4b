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
select r.oid, r.rolname, r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolbypassrls,
       r.rolcanlogin, r.rolinherit, r.rolconnlimit,
       -- An infinite timestamp has no place in Java's time line; it expires as little as one that is not set.
       case when isfinite(r.rolvaliduntil) then r.rolvaliduntil end as expires_at
  from reached join pg_roles r using (oid)
 order by r.rolname;
