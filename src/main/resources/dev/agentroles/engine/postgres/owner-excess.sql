-- One row for each power of this role that the owner of a schema has no use for, as a clause.
SELECT excess
  FROM pg_roles
 CROSS JOIN LATERAL (VALUES
       (rolsuper, 'is a superuser'),
       (rolcreaterole AND NOT rolsuper, 'may make roles (CREATEROLE)'),
       (rolreplication AND NOT rolsuper, 'may replicate the server (REPLICATION)'),
       (NOT rolsuper AND pg_has_role(oid, 'pg_execute_server_program', 'MEMBER'), 'may run programs on the server'),
       (NOT rolsuper AND pg_has_role(oid, 'pg_write_server_files', 'MEMBER'), 'may write files on the server'),
       (NOT rolsuper AND pg_has_role(oid, 'pg_read_server_files', 'MEMBER'), 'may read files on the server')
       ) AS power (held, excess)
 WHERE rolname = current_user AND held
