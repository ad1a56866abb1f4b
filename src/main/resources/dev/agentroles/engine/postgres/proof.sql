-- One row: who a session is, where, and whether it has the power of an agent role without asking for it.
SELECT session_user AS login,
       current_database() AS database_name,
       EXISTS (SELECT FROM pg_roles WHERE rolname = ? AND pg_has_role(oid, 'USAGE')) AS member,
       (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) AS superuser
