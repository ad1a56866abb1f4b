-- One row is one member of the role, with everybody who made it one. Administrators who can enrol anybody anyway, and only that, are left out.
-- Parameter: 1 = the role's oid.
select r.rolname as member, coalesce(shobj_description(r.oid, 'pg_authid'), '') as comment,
       array_agg(g.rolname::text order by g.rolname) as grantors
  from pg_auth_members m
  join pg_roles r on r.oid = m.member
  -- Before 16 a grantor can be gone.
  left join pg_roles g on g.oid = m.grantor
 where m.roleid = ? and r.rolname <> current_user
   and not ((r.rolcreaterole or r.rolsuper) and m.admin_option
            and not coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, false)
            and not coalesce((to_jsonb(m) ->> 'set_option')::boolean, false))
 group by r.oid, r.rolname
 order by 1
