-- One row if there is such a role: its mark, or nothing.
SELECT shobj_description(oid, 'pg_authid') AS mark FROM pg_roles WHERE rolname = ?
