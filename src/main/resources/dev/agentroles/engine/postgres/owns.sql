-- Whether a role owns something in this database or of the whole server, default privileges apart (manual, 53.46: pg_shdepend).
SELECT EXISTS (
  SELECT FROM pg_catalog.pg_shdepend
   WHERE refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
     AND refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = ?)
     AND dbid IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
     AND deptype = 'o'
     AND classid <> 'pg_catalog.pg_default_acl'::pg_catalog.regclass)
