-- The guard's only looks at tables of the application. They may run code of the tables' owners, as the guard's role (role.sql);
-- whatever that code changes is undone, and it may change nothing to begin with.
--
-- query   whose first value is wanted; NULL if the guard's role may not read what it names
CREATE OR REPLACE FUNCTION agentroles_guard.look(query text) RETURNS text
LANGUAGE plpgsql AS $fn$
DECLARE
  seen text;
BEGIN
  PERFORM set_config('transaction_read_only', 'on', true);
  EXECUTE query INTO seen;
  RAISE EXCEPTION USING ERRCODE = 'AR000';        -- the end of the subtransaction; what was seen stays
EXCEPTION
  WHEN SQLSTATE 'AR000' THEN
    RETURN seen;
  WHEN insufficient_privilege THEN
    RETURN NULL;
END
$fn$;

-- Whether row security may keep rows from the guard's role: no policy shows it all, or a restrictive one holds for it, too.
CREATE OR REPLACE FUNCTION agentroles_guard.hides_rows(rel oid) RETURNS boolean
LANGUAGE plpgsql AS $fn$
BEGIN
  RETURN row_security_active(rel) AND (
    SELECT NOT coalesce(bool_or(p.polpermissive AND pg_get_expr(p.polqual, p.polrelid) = 'true'), false)
           OR bool_or(NOT p.polpermissive)
      FROM pg_policy p
     WHERE p.polrelid = rel AND p.polcmd IN ('r', '*')
       AND (0 = ANY (p.polroles) OR to_regrole(quote_ident(current_user)) = ANY (p.polroles)));
END
$fn$;
