-- One row is one grant of a membership among the roles that one of the subjects belongs to over any number of hops.
-- PostgreSQL 15 has no options on the grant: there the member's own INHERIT decides and SET ROLE is always possible.
-- Parameter: 1 = the subjects' names.
with recursive membership (member, role, inherits, settable, admin, grantor) as (
    select m.member, m.roleid,
           coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit),
           coalesce((to_jsonb(m) ->> 'set_option')::boolean, true),
           m.admin_option, m.grantor
      from pg_auth_members m join pg_roles r on r.oid = m.member
  union all
    select d.datdba, r.oid, o.rolinherit or current_setting('server_version_num')::int >= 160000, true, false, d.datdba
      from pg_database d join pg_roles o on o.oid = d.datdba join pg_roles r on r.rolname = 'pg_database_owner'
     where d.datname = current_database()
), reached (oid) as (
    select oid from pg_roles where rolname = any (?)
  union
    select m.role from reached join membership m on m.member = reached.oid
)
select m.member, m.role, m.inherits, m.settable, m.admin, g.rolname as grantor
  from membership m join reached on reached.oid = m.member join pg_roles g on g.oid = m.grantor
 order by m.member, m.role, g.rolname;
