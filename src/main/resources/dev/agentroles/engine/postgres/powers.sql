-- One row for each of these logins that is a member of roles of ours, with the statement that ends that. Who granted a membership
-- must be said since PostgreSQL 16, and could not be before.
SELECT m.rolname AS login,
       string_agg(format('REVOKE %I FROM %I', g.rolname, m.rolname)
                  || CASE WHEN to_jsonb(a) -> 'inherit_option' IS NOT NULL THEN format(' GRANTED BY %I', b.rolname) ELSE '' END, '; ') AS taking
  FROM pg_auth_members AS a
  JOIN pg_roles AS g ON g.oid = a.roleid
  JOIN pg_roles AS m ON m.oid = a.member
  LEFT JOIN pg_roles AS b ON b.oid = a.grantor
 WHERE m.rolname = ANY (?)
   AND shobj_description(g.oid, 'pg_authid') ^@ 'agentroles '
 GROUP BY 1
