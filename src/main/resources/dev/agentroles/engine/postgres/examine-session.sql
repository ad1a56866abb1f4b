-- One row: what the session knows of the database, of what it cannot read, and of the server's own settings.
select current_database() as database,
       pg_get_userbyid(d.datdba) as owner,
       has_table_privilege('pg_hba_file_rules', 'SELECT') and has_function_privilege('pg_hba_file_rules()', 'EXECUTE') as reads_hba,
       has_column_privilege('pg_authid', 'rolpassword', 'SELECT') as reads_verifiers,
       pg_has_role('pg_read_all_settings', 'USAGE') as reads_settings,
       coalesce(current_setting('lo_compat_privileges', true), 'off') as lo_compat_privileges,
       coalesce(current_setting('session_replication_role', true), 'origin') as session_replication_role
  from pg_database d where d.datname = current_database()
