-- What holds for this session on a table.
--
-- free   nobody holds it to anything: a tier without a guard gives the agent this table, or the login is no agent's. (The
--        WHEN of the triggers is also true for superusers and, after a careless GRANT <login of an agent> TO <login of the
--        application>, for the application, which must not be stopped.)
-- name   the agent's role
--
-- session_user cannot be changed by SET ROLE, SECURITY DEFINER or a foreign key, only by a superuser. A login of ours is
-- a direct member of its agent's role: one look. Any other is an agent's if it reaches a guarded role without passing
-- through a login, or if it carries our mark.
CREATE OR REPLACE FUNCTION agentroles_guard.limits_on(rel oid, OUT free boolean, OUT name name, OUT rows bigint, OUT rows_per_transaction bigint, OUT whole_table bigint, OUT rows_per_window bigint, OUT window_seconds bigint, OUT functions boolean) RETURNS record
LANGUAGE plpgsql AS $fn$
DECLARE
  refusal text;
  me     oid := to_regrole(quote_ident(session_user));
  agents name[];                         -- NULL: those of which the login is a direct member
  agent  name;
  tiers  jsonb;                          -- those of an agent
  l      jsonb;
  tier   oid;
  here   boolean := true;                -- asked for tiers that give this table
BEGIN
  LOOP
    -- The tiers that give this table decide; where none does (a foreign key led here), the least of all. Of several
    -- limits the least. By simple expressions: one query over all of it would cost an agent's statement three times as much.
    FOREACH agent IN ARRAY coalesce(agents, ARRAY(SELECT pg_get_userbyid(m.roleid) FROM pg_auth_members m WHERE m.member = me AND NOT m.admin_option)) LOOP
      tiers := agentroles_guard.limits(agent);
      FOR i IN 0 .. coalesce(jsonb_array_length(tiers), 0) - 1 LOOP
        l := tiers -> i;
        tier := to_regrole(quote_ident(l ->> 'tier'));
        CONTINUE WHEN here AND NOT coalesce(has_table_privilege(tier, rel, 'DELETE') OR has_any_column_privilege(tier, rel, 'UPDATE'), false);
        name := least(name, agent);
        free := here AND (coalesce(free, false) OR l ->> 'rows' IS NULL);
        rows := least(rows, (l ->> 'rows')::bigint);
        rows_per_transaction := least(rows_per_transaction, (l ->> 'rows_per_transaction')::bigint);
        whole_table := least(whole_table, (l ->> 'whole_table')::bigint);
        rows_per_window := least(rows_per_window, (l ->> 'rows_per_window')::bigint);
        window_seconds := greatest(window_seconds, (l ->> 'window_seconds')::bigint);
        functions := coalesce(functions, true) AND coalesce((l ->> 'functions')::boolean, false);
      END LOOP;
    END LOOP;
    EXIT WHEN name IS NOT NULL OR NOT here AND agents IS NOT NULL;
    here := NOT here;
    CONTINUE WHEN NOT here;
    IF shobj_description(me, 'pg_authid') ^@ 'agentroles ' THEN
      agents := ARRAY(SELECT r.rolname FROM pg_roles r WHERE pg_has_role(me, r.oid, 'MEMBER'));
    ELSE
      -- Whoever made a role may administer it and has nothing of its power.
      WITH RECURSIVE power(member, role) AS (
          SELECT m.member, m.roleid FROM pg_auth_members m
           WHERE coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true) OR coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)
      ), up(oid) AS (
          SELECT p.role FROM power p WHERE p.member = me
        UNION
          SELECT p.role FROM up JOIN pg_roles g ON g.oid = up.oid AND NOT g.rolcanlogin JOIN power p ON p.member = up.oid)
      SELECT array_agg(pg_get_userbyid(up.oid)), coalesce(bool_or(x.grantee IS NOT NULL), false) IS FALSE INTO agents, free
        FROM up LEFT JOIN (SELECT a.grantee FROM pg_class c, aclexplode(c.relacl) a
                            WHERE c.oid = 'agentroles_guard.marker'::regclass AND shobj_description(a.grantee, 'pg_authid') ^@ 'agentroles ') x ON x.grantee = up.oid;
      IF free THEN
        RETURN;
      END IF;
    END IF;
  END LOOP;
  free := coalesce(free, false);
  IF NOT free AND (rows IS NULL OR rows_per_transaction IS NULL OR whole_table IS NULL) THEN
    refusal := agentroles_guard.refuse('AR007', format('this statement on %s: no limits are known for login %s', rel::regclass, session_user),
      'The administrator must run: agentroles apply');
  END IF;
END
$fn$;
