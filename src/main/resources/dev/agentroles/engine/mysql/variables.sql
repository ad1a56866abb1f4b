-- One row for each of these settings that the server has.
SHOW GLOBAL VARIABLES WHERE Variable_name IN (
    'version', 'server_uuid', 'server_uid', 'read_only', 'super_read_only', 'innodb_read_only', 'sql_mode',
    'lower_case_table_names', 'partial_revokes', 'mandatory_roles', 'activate_all_roles_on_login', 'skip_name_resolve',
    'log_bin', 'log_bin_trust_function_creators', 'event_scheduler', 'binlog_format', 'performance_schema', 'sysdate_is_now',
    'strict_password_validation');
-- And one for each of these plugins that is there and works: of those that judge passwords any.
SELECT IF(PLUGIN_TYPE = 'PASSWORD VALIDATION', 'password_validation', PLUGIN_NAME), 'ON'
  FROM information_schema.PLUGINS
 WHERE (PLUGIN_NAME = 'ed25519' OR PLUGIN_TYPE = 'PASSWORD VALIDATION') AND PLUGIN_STATUS = 'ACTIVE'
