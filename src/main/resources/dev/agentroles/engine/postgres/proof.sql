-- One row: who a session is, where, and whether it has the power of an agent role without asking for it. Reads no
-- table: a session that has just begun has none of the catalog at hand. An agent role that is not there is an error.
SELECT session_user AS login,
       current_database() AS database_name,
       pg_has_role(?, 'USAGE') AS member,
       current_setting('is_superuser')::boolean AS superuser
