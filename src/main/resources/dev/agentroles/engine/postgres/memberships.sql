-- One row a membership of a role of ours, with who granted it, and one that the administrator has given itself in a role of the
-- second parameter, as `createrole_self_grant` does: it would be held as an agent is. What the server gives to the maker of
-- a role is an ADMIN OPTION alone. On 15 the member's attribute decides whether it inherits, and
-- every member may SET ROLE.
select
    g.rolname                                                        as role,
    m.rolname                                                        as member,
    coalesce((to_jsonb(a) ->> 'inherit_option')::boolean, m.rolinherit) as inherits,
    coalesce((to_jsonb(a) ->> 'set_option')::boolean, true)          as settable,
    a.admin_option                                                   as admin,
    coalesce(b.rolname, g.rolname)                                   as grantor,
    pg_has_role(a.roleid, 'MEMBER WITH ADMIN OPTION')                as may_revoke
from pg_auth_members a
join pg_roles g on g.oid = a.roleid
join pg_roles m on m.oid = a.member
left join pg_roles b on b.oid = a.grantor
where a.member = any (?::oid[])
   or a.roleid = any (?::oid[]) and m.rolname = current_user and b.oid = m.oid and not a.admin_option
order by 1, 2
