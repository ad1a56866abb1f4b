-- How agents ask for schema changes. A text that an agent gives is stored, and nothing else is done with it. Whoever asks is told
-- by the login of the session, which no SET ROLE changes.
--
-- AR007 the login may not ask, AR008 what it asks for cannot be written down, AR009 too much of it waits already.
CREATE OR REPLACE FUNCTION agentroles_changes.asking() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  asking text;
BEGIN
  SELECT l.agent INTO asking FROM agentroles.lease l
   WHERE l.login = session_user::text AND l.state <> 'ENDED' AND l.expires_at > clock_timestamp();
  IF asking IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'AR007', MESSAGE = 'agentroles refused this login: it is no login of an agent, or it is over',
      HINT = 'Ask with the login that is published for you now.';
  END IF;
  IF EXISTS (SELECT FROM agentroles.freeze) OR EXISTS (SELECT FROM agentroles.revocation r WHERE r.agent = asking) THEN
    RAISE EXCEPTION USING ERRCODE = 'AR007', MESSAGE = format('agentroles refused this login: agent %s is stopped', asking),
      HINT = 'Wait until a person thaws it.';
  END IF;
  RETURN asking;
END
$fn$;

-- One row an agent is what its calls queue for until their transactions end, so that together they keep the limit. Nobody else waits there.
CREATE OR REPLACE FUNCTION agentroles_changes.request(statement text, reason text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  asking text := agentroles_changes.asking();
  what text := CASE
    WHEN coalesce(statement, '') !~ '[^[:space:]]' THEN 'an empty statement: say which change is needed'
    WHEN octet_length(statement) > 65536 THEN 'a statement of more than 65536 bytes: ask for a shorter one'
    WHEN coalesce(reason, '') !~ '[^[:space:]]' THEN 'a request without a reason: say why the change is needed'
    WHEN char_length(reason) > 2000 THEN 'a reason of more than 2000 characters: say it shorter' END;
  number bigint;
BEGIN
  IF what IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'AR008', MESSAGE = 'agentroles refused ' || what, DETAIL = 'Nothing was written down.';
  END IF;
  -- A database without an encoding takes any bytes for text, and whoever lists the requests does not.
  PERFORM convert_to(request.statement || request.reason, 'UTF8');
  IF current_setting('transaction_read_only') = 'on' THEN
    RAISE EXCEPTION USING ERRCODE = '25006', MESSAGE = 'agentroles cannot write a request down in a read-only transaction',
      HINT = 'BEGIN READ WRITE; then the same call; then COMMIT.';
  END IF;
  INSERT INTO agentroles.change_turn AS t (agent, at) VALUES (asking, clock_timestamp())
      ON CONFLICT ON CONSTRAINT change_turn_pkey DO UPDATE SET at = excluded.at;
  IF (SELECT count(*) FROM agentroles.change_request c
       WHERE c.agent = asking AND c.state IN ('REQUESTED', 'APPROVED', 'RUNNING')) >= 20 THEN
    RAISE EXCEPTION USING ERRCODE = 'AR009', MESSAGE = format('agentroles refused one more request of agent %s: 20 are open', asking),
      HINT = 'Wait until a person has decided about some of them: SELECT * FROM agentroles_changes.requests()',
      DETAIL = 'Nothing was written down.';
  END IF;
  INSERT INTO agentroles.change_request AS c (agent, requested_by, requested_at, statement, reason)
    VALUES (asking, session_user::text, clock_timestamp(), request.statement, request.reason)
    RETURNING c.id INTO number;
  RETURN number;
END
$fn$;

-- Of how a run ended only what kind of error it was: what the server says may hold what stands in a row.
CREATE OR REPLACE FUNCTION agentroles_changes.requests() RETURNS TABLE(id bigint, requested_at timestamp with time zone, statement text, state text, decision text, outcome text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  asking text := agentroles_changes.asking();
BEGIN
  RETURN QUERY
    SELECT c.id, c.requested_at, c.statement, c.state, c.decision, split_part(c.outcome, ': ', 1)
      FROM agentroles.change_request c WHERE c.agent = asking ORDER BY c.id DESC;
END
$fn$;

-- For whom they are is granted beside this. Whoever made them must not keep them from the schema's owner.
DO $do$
DECLARE
  sql text;
BEGIN
  FOR sql IN
    SELECT format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, pg_get_userbyid(n.nspowner))
      FROM pg_namespace n JOIN pg_proc p ON p.pronamespace = n.oid
     WHERE n.nspname = 'agentroles_changes' AND p.proowner <> n.nspowner
  LOOP
    EXECUTE sql;
  END LOOP;
  FOR sql IN
    SELECT format('REVOKE ALL ON %s FROM %s CASCADE', acl.what, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END)
      FROM (SELECT 'SCHEMA agentroles_changes' AS what, n.nspacl AS acl, n.nspowner AS owner
              FROM pg_namespace n WHERE n.nspname = 'agentroles_changes'
             UNION ALL
            SELECT 'FUNCTION ' || p.oid::regprocedure, coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner
              FROM pg_proc p WHERE p.pronamespace = 'agentroles_changes'::regnamespace) acl, aclexplode(acl.acl) x
     WHERE x.grantee <> acl.owner AND coalesce(shobj_description(x.grantee, 'pg_authid'), '') !~ '^agentroles '
     GROUP BY 1
  LOOP
    EXECUTE sql;
  END LOOP;
END
$do$
