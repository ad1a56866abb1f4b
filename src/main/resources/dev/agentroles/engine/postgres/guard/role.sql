-- Whom the guard's code runs as: a role that cannot log in, has no attribute and is a member of nothing, and to which nothing belongs
-- but the two functions that sessions come in by. A query on a table runs code of the table's owner already when it is
-- planned (immutable functions in expressions of indexes and statistics), with the rights of whoever plans it: this one has
-- none but to read what is guarded, and what the guard needs of its own.
--
-- {role} and {mark} are put in by the program. The administrator is a member while the guard is made, and not afterwards.
DO $do$
DECLARE
  sql text;
BEGIN
  IF to_regrole({role_text}) IS NULL THEN
    CREATE ROLE {role} NOLOGIN NOINHERIT NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;
    COMMENT ON ROLE {role} IS {mark};
  ELSIF shobj_description(to_regrole({role_text}), 'pg_authid') IS DISTINCT FROM {mark} THEN
    RAISE EXCEPTION 'role % is not the guard''s', {role_text};
  END IF;
  FOR sql IN
    SELECT format('ALTER ROLE %I %s', r.rolname, word)
      FROM pg_roles r, unnest(ARRAY[
        CASE WHEN r.rolcanlogin THEN 'NOLOGIN' END, CASE WHEN r.rolinherit THEN 'NOINHERIT' END, CASE WHEN r.rolsuper THEN 'NOSUPERUSER' END,
        CASE WHEN r.rolcreaterole THEN 'NOCREATEROLE' END, CASE WHEN r.rolcreatedb THEN 'NOCREATEDB' END,
        CASE WHEN r.rolreplication THEN 'NOREPLICATION' END, CASE WHEN r.rolbypassrls THEN 'NOBYPASSRLS' END]) word
     WHERE r.oid = to_regrole({role_text}) AND word IS NOT NULL
    UNION ALL
    -- What each grantor gave must be taken back as his since PostgreSQL 16. There the maker of a role may always give it away.
    SELECT format('REVOKE %I FROM %I', g.rolname, u.rolname) || CASE WHEN to_jsonb(m) ? 'set_option' THEN format(' GRANTED BY %I', b.rolname) ELSE '' END
      FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member LEFT JOIN pg_roles b ON b.oid = m.grantor
     WHERE to_regrole({role_text}) IN (m.roleid, m.member)
       AND (coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true) OR coalesce((to_jsonb(m) ->> 'set_option')::boolean, true))
  LOOP
    EXECUTE sql;
  END LOOP;
END
$do$;
