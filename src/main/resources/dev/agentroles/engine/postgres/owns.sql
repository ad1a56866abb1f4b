-- One row: whether the role owns anything, in whichever database of the server (manual, 53.46: pg_shdepend).
SELECT EXISTS (
         SELECT FROM pg_catalog.pg_shdepend d
          WHERE d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
            AND d.refobjid = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = ?)
            AND d.deptype = 'o') AS owns
