-- One row for each database in which a role owns something (manual, 53.46: pg_shdepend). What belongs to the whole server
-- is in none, and counts as of this one.
SELECT DISTINCT coalesce(place.datname, current_database()) AS database_name
  FROM pg_catalog.pg_shdepend AS owned
  LEFT JOIN pg_catalog.pg_database AS place ON place.oid = owned.dbid
 WHERE owned.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
   AND owned.refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = ?)
   AND owned.deptype = 'o'
 ORDER BY 1
