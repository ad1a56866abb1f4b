-- One row: which server and database this session is on, and as whom.
select
    current_setting('server_version')                                as version,
    current_setting('server_version_num')::int                       as version_number,
    (select system_identifier::text from pg_control_system())        as identifier,
    current_database()                                               as database,
    current_user                                                     as administrator,
    not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' as writable,
    -- What our session asks for as it begins, before any setting of the role or the database (manual, 19.1.3): a
    -- connection pooler that is told to ignore `options` drops it (PgBouncer: ignore_startup_parameters).
    current_setting('IntervalStyle') = 'iso_8601'
        and current_setting('idle_in_transaction_session_timeout') = '10s' as as_asked,
    -- Whoever owns a schema decides what is found in it, and what runs when it is read.
    (select string_agg(format('schema %s belongs to %s', nspname, pg_get_userbyid(nspowner)), ', ' order by nspname)
       from pg_namespace
      where nspname in ('agentroles', 'agentroles_guard')
        and pg_get_userbyid(nspowner) <> current_user
        and not (select rolsuper from pg_roles where oid = nspowner)) as planted
