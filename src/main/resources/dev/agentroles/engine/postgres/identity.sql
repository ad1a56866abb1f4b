-- One row: which server and database this session is on, and as whom.
select
    current_setting('server_version')                                as version,
    current_setting('server_version_num')::int                       as version_number,
    (select system_identifier::text from pg_control_system())        as identifier,
    current_database()                                               as database,
    current_user                                                     as administrator,
    not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' as writable
