-- One row: which server and database this session is on, and as whom.
select
    current_setting('server_version')                                as version,
    current_setting('server_version_num')::int                       as version_number,
    (select system_identifier::text from pg_control_system())        as identifier,
    current_database()                                               as database,
    current_user                                                     as administrator,
    not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' as writable,
    -- Whoever owns a schema decides what is found in it, and what runs when it is read.
    (select string_agg(format('schema %s belongs to %s', nspname, pg_get_userbyid(nspowner)), ', ' order by nspname)
       from pg_namespace
      where nspname in ('agentroles', 'agentroles_guard')
        and pg_get_userbyid(nspowner) <> current_user
        and not (select rolsuper from pg_roles where oid = nspowner)) as planted
