-- One row: who a session is, where, and whether it has the power of an agent role without asking for it. Reads no
-- table: a session that has just begun has none of the catalog at hand. Names all by their schema: its search path is
-- as it comes. An agent role that is not there is an error.
SELECT session_user AS login,
       pg_catalog.current_database() AS database_name,
       pg_catalog.pg_has_role(?, 'USAGE') AS member,
       pg_catalog.current_setting('is_superuser')::pg_catalog.bool AS superuser
