-- One row for each database in which one of these roles owns something or has been granted something (manual, 53.46:
-- pg_shdepend), or that it was granted something on. What belongs to the whole server is in none.
SELECT DISTINCT place.datname AS database_name
  FROM pg_catalog.pg_shdepend AS used
  JOIN pg_catalog.pg_roles AS role ON role.oid = used.refobjid
  JOIN pg_catalog.pg_database AS place
    ON place.oid = used.dbid
    OR (used.dbid = 0 AND used.classid = 'pg_catalog.pg_database'::pg_catalog.regclass AND place.oid = used.objid)
 WHERE used.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
   AND role.rolname = ANY (?)
 ORDER BY 1
