-- One row for each power that the owner of a schema has no use for, as a clause: of this role itself, or of one that it is a
-- member of and can become; and of the role that has logged in, where a setting of it says `role`: what runs can take that
-- back (manual, SET ROLE).
SELECT DISTINCT CASE WHEN me.rolname <> current_user THEN format('logs in as %s, which ', me.rolname) ELSE '' END
       || CASE WHEN role.oid = me.oid THEN excess ELSE format('is a member of %s, which %s', role.rolname, excess) END AS excess
  FROM pg_roles me
  JOIN pg_roles role ON role.oid = me.oid OR (NOT me.rolsuper AND pg_has_role(me.oid, role.oid, 'MEMBER'))
 CROSS JOIN LATERAL (VALUES
       (role.rolsuper, 'is a superuser'),
       (role.rolcreaterole AND NOT role.rolsuper, 'may make roles (CREATEROLE)'),
       (role.rolreplication AND NOT role.rolsuper, 'may replicate the server (REPLICATION)'),
       (role.rolname = 'pg_execute_server_program', 'may run programs on the server'),
       (role.rolname = 'pg_write_server_files', 'may write files on the server'),
       (role.rolname = 'pg_read_server_files', 'may read files on the server'),
       (role.rolname = 'pg_write_all_data', 'may write to every table'),
       (NOT me.rolsuper AND NOT role.rolsuper
            AND EXISTS (SELECT FROM pg_class
                         WHERE relnamespace = to_regnamespace('agentroles') AND relkind = 'r'
                           AND has_table_privilege(role.oid, oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')),
            'may write to the ledger (schema agentroles)')
       ) AS power (held, excess)
 WHERE me.rolname IN (current_user, session_user) AND held
 ORDER BY 1
