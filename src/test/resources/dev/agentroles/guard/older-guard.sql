-- The guard as it was once, at commit ba29a1f: its functions have other arguments and results, its tables other columns. It does not
-- clear away its marks here, where it had an error.
-- What the guard keeps in a database. Everything here can be run again: an older guard is brought up to date in place,
-- while agents and the application work.
CREATE SCHEMA IF NOT EXISTS agentroles_guard;
REVOKE ALL ON SCHEMA agentroles_guard FROM PUBLIC;

-- A session is looked at by the guard if its login may SELECT from this. That is what the triggers' WHEN asks, with a
-- built-in function only, so that sessions of the application load and run no PL code. Nobody needs USAGE on the schema.
CREATE OR REPLACE VIEW agentroles_guard.marker (guarded) AS SELECT true;

-- Where the server's counters stood, by transaction and table. Unlogged: nothing to replicate, nothing for a publication
-- FOR ALL TABLES, and a crash forgets only what has ended.
--
-- Read only through INSERT ... ON CONFLICT DO UPDATE ... RETURNING: an ordinary read takes predicate locks under
-- SERIALIZABLE, and any two transactions of agents would then fail on this one small index.
CREATE UNLOGGED TABLE IF NOT EXISTS agentroles_guard.mark (
  xid       xid8        NOT NULL,
  relid     oid         NOT NULL,
  at        timestamptz NOT NULL,  -- when the client's newest request (protocol message) that came here began
  txn_base  bigint      NOT NULL,  -- rows changed when the transaction came here first
  base      bigint      NOT NULL,  -- ... when the request did
  stmt_base bigint      NOT NULL,  -- ... when the newest statement of the request did
  upd_base  bigint      NOT NULL,  -- rows updated when that statement came
  ins_base  bigint      NOT NULL,  -- rows inserted when it came
  direct    boolean     NOT NULL,  -- sent by the client, not by a trigger or foreign key
  sha       bytea,                 -- of the text that was judged last
  verbs     integer     NOT NULL,  -- what was found in it
  listed    boolean     NOT NULL,  -- all of them are upserts that name their rows
  together  boolean     NOT NULL,  -- one statement of it has several verbs: they count as one
  due       boolean     NOT NULL,  -- a check waits for the commit
  -- the same as they were before the newest statement came, so that one write tells both
  was_at    timestamptz,
  was_base  bigint,
  was_stmt  bigint,
  was_upd   bigint,
  was_ins   bigint,
  was_direct boolean,
  was_listed boolean,
  PRIMARY KEY (xid, relid)
) WITH (fillfactor = 50);

-- Rows that an agent changed, by transaction and table; only where its profile sets a window.
CREATE UNLOGGED TABLE IF NOT EXISTS agentroles_guard.usage (
  agent name        NOT NULL,
  at    timestamptz NOT NULL,
  xid   xid8        NOT NULL,
  relid oid         NOT NULL,
  rows  bigint      NOT NULL,
  PRIMARY KEY (xid, relid)
);
CREATE INDEX IF NOT EXISTS usage_agent ON agentroles_guard.usage (agent, at);

-- The limits of each agent in each of its tiers. A view of constants: nothing to replicate, nothing to lock, read as fast
-- as a constant. `rows` NULL: the tier has no guard. Replaced as a whole when a limit of the profile changes.
DO $do$
BEGIN
  IF to_regclass('agentroles_guard.limits') IS NULL THEN
    CREATE VIEW agentroles_guard.limits
      (agent, tier, rows, rows_per_transaction, whole_table, rows_per_window, window_seconds, functions) AS
      SELECT ''::name, ''::name, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, false WHERE false;
  END IF;
END
$do$;

-- Every refusal. AR001 what the text says (no WHERE, no column in it), AR002 too many rows in one request, AR003 in one
-- transaction, AR004 a whole table, AR005 in the window, AR006 a write through code, AR007 the guard cannot do its duty.
CREATE OR REPLACE FUNCTION agentroles_guard.refuse(state text, what text, hint text) RETURNS text
LANGUAGE plpgsql AS $fn$
BEGIN
  RAISE EXCEPTION USING ERRCODE = state, MESSAGE = 'agentroles refused ' || what, HINT = hint,
    DETAIL = 'Nothing has been changed. The limits of this login stand in its agentroles profile and cannot be lifted in SQL.';
END
$fn$;

-- What holds for this session on a table.
--
-- agent  whether it is an agent's at all; the WHEN of the triggers is also true for superusers and, after a careless
--        GRANT <login of an agent> TO <login of the application>, for the application, which must not be stopped
-- free   a tier without a guard gives the agent this table
-- name   the agent's role
--
-- session_user cannot be changed by SET ROLE, SECURITY DEFINER or a foreign key, only by a superuser. A login of ours is
-- a direct member of its agent's role: one look. Any other is an agent's if it reaches a guarded role without passing
-- through a login, or if it carries our mark.
CREATE OR REPLACE FUNCTION agentroles_guard.limits_here(rel oid, OUT agent boolean, OUT free boolean, OUT name name, OUT rows bigint, OUT rows_per_transaction bigint, OUT whole_table bigint, OUT rows_per_window bigint, OUT window_seconds bigint, OUT functions boolean) RETURNS record
LANGUAGE plpgsql AS $fn$
DECLARE
  refusal text;
  me    oid := to_regrole(quote_ident(session_user));
  roles oid[];
BEGIN
  SELECT array_agg(m.roleid) INTO roles FROM pg_auth_members m WHERE m.member = me AND NOT m.admin_option;
  IF NOT EXISTS (SELECT 1 FROM agentroles_guard.limits l WHERE to_regrole(quote_ident(l.agent)) = ANY (roles)) THEN
    IF shobj_description(me, 'pg_authid') ^@ 'agentroles ' THEN
      agent := true;
      SELECT array_agg(r.oid) INTO roles FROM pg_roles r WHERE pg_has_role(me, r.oid, 'MEMBER');
    ELSE
      WITH RECURSIVE up(oid) AS (
          SELECT unnest(roles)
        UNION
          SELECT m.roleid FROM up JOIN pg_roles g ON g.oid = up.oid AND NOT g.rolcanlogin
            JOIN pg_auth_members m ON m.member = up.oid AND NOT m.admin_option)
      SELECT array_agg(up.oid), coalesce(bool_or(x.grantee IS NOT NULL), false) INTO roles, agent
        FROM up LEFT JOIN (SELECT a.grantee FROM pg_class c, aclexplode(c.relacl) a
                            WHERE c.oid = 'agentroles_guard.marker'::regclass AND a.grantee <> c.relowner) x ON x.grantee = up.oid;
      IF NOT agent THEN
        free := true;
        RETURN;
      END IF;
    END IF;
  END IF;
  agent := true;
  -- The tiers that give this table decide; where none does (a foreign key led here), the least of all. Of several
  -- limits the least.
  SELECT x.here AND bool_or(x.rows IS NULL), min(x.agent), min(x.rows), min(x.rows_per_transaction),
         min(x.whole_table), min(x.rows_per_window), max(x.window_seconds), bool_and(x.functions)
    INTO free, name, rows, rows_per_transaction, whole_table, rows_per_window, window_seconds, functions
    FROM (SELECT l.*, coalesce(has_any_column_privilege(t.oid, rel, 'UPDATE') OR has_table_privilege(t.oid, rel, 'DELETE'), false) AS here
            FROM agentroles_guard.limits l CROSS JOIN LATERAL (SELECT to_regrole(quote_ident(l.tier))::oid) t(oid)
           WHERE to_regrole(quote_ident(l.agent)) = ANY (roles)) x
   GROUP BY x.here ORDER BY x.here DESC LIMIT 1;
  free := coalesce(free, false);
  IF NOT free AND (rows IS NULL OR rows_per_transaction IS NULL OR whole_table IS NULL) THEN
    refusal := agentroles_guard.refuse('AR007', format('this statement on %s: no limits are known for login %s', rel::regclass, session_user),
      'The administrator must run: agentroles apply');
  END IF;
END
$fn$;

-- How many rows this session has changed and inserted in a table, by the server's own counters: C memory, and no SQL
-- function sets or lowers them. They never fall inside a transaction, count rows of rolled-back savepoints too, and may
-- still hold earlier transactions of the session, so only differences mean anything. A partitioned or inherited table is
-- the sum of its tree; a row that moves between partitions is deleted in one and inserted in another.
CREATE OR REPLACE FUNCTION agentroles_guard.counted(rel oid, OUT changed bigint, OUT updated bigint, OUT inserted bigint) RETURNS record
LANGUAGE plpgsql AS $fn$
DECLARE
  refusal text;
BEGIN
  IF (SELECT c.relhassubclass OR c.relkind = 'p' FROM pg_class c WHERE c.oid = rel) THEN
    WITH RECURSIVE tree(oid) AS (
        SELECT rel UNION SELECT h.inhrelid FROM pg_inherits h JOIN tree ON h.inhparent = tree.oid)
    SELECT sum(pg_stat_get_xact_tuples_updated(t.oid)), sum(pg_stat_get_xact_tuples_inserted(t.oid)),
           sum(pg_stat_get_xact_tuples_updated(t.oid) + pg_stat_get_xact_tuples_deleted(t.oid))
      INTO updated, inserted, changed FROM tree t;
  ELSE
    updated := pg_stat_get_xact_tuples_updated(rel);
    inserted := pg_stat_get_xact_tuples_inserted(rel);
    changed := updated + pg_stat_get_xact_tuples_deleted(rel);
  END IF;
  IF changed IS NULL OR inserted IS NULL OR current_setting('track_counts') <> 'on' THEN
    refusal := agentroles_guard.refuse('AR007', format('this statement on %s: its rows cannot be counted', rel::regclass),
      'The administrator must see to it that track_counts is on.');
  END IF;
END
$fn$;

-- Code that the session made itself in its temporary schema: functions, rules, triggers. It would stand between the
-- client's text and what is executed.
CREATE OR REPLACE FUNCTION agentroles_guard.has_temp_code() RETURNS boolean
LANGUAGE plpgsql AS $fn$
DECLARE
  ns oid := pg_my_temp_schema();
BEGIN
  IF ns = 0 THEN
    RETURN false;
  END IF;
  RETURN EXISTS (SELECT 1 FROM pg_proc p WHERE p.pronamespace = ns)
      OR EXISTS (SELECT 1 FROM pg_class c JOIN pg_rewrite r ON r.ev_class = c.oid
                  WHERE c.relnamespace = ns AND r.rulename <> '_RETURN')
      OR EXISTS (SELECT 1 FROM pg_class c JOIN pg_trigger g ON g.tgrelid = c.oid
                  WHERE c.relnamespace = ns AND NOT g.tgisinternal);
END
$fn$;

-- Holds what has been changed against the limits. A statement that has ended must also have left a row that it did not
-- touch, if it touched more than a few.
--
-- most, most_txn, whole  the limits
-- n_stmt, n_req, n_txn   rows changed by the newest statement, request, transaction
-- ours                   rows that are there and were updated or inserted since the statement began
CREATE OR REPLACE FUNCTION agentroles_guard.hold(rel oid, most bigint, most_txn bigint, whole bigint, n_stmt bigint, n_req bigint, n_txn bigint, ours bigint, whole_matters boolean) RETURNS text
LANGUAGE plpgsql AS $fn$
DECLARE
  refusal text;
  more boolean;
BEGIN
  IF n_stmt IS NULL OR n_stmt < 0 OR n_req < n_stmt OR n_txn < n_req OR ours IS NULL OR ours < 0 THEN
    refusal := agentroles_guard.refuse('AR007', format('this transaction: the counters of %s went backwards', rel::regclass),
      'Roll back and try again.');
  END IF;
  IF n_req > most THEN
    refusal := agentroles_guard.refuse('AR002', format('to change %s rows of %s at once: the limit is %s', n_req, rel::regclass, most),
      format('Change at most %s rows of a table with one statement, or one message of several statements: for example by ranges of its key.', most));
  END IF;
  IF n_txn > most_txn THEN
    refusal := agentroles_guard.refuse('AR003', format('to change %s rows of %s in one transaction: the limit is %s', n_txn, rel::regclass, most_txn),
      format('Commit after at most %s rows of a table.', most_txn));
  END IF;
  IF whole_matters AND n_stmt > whole THEN
    -- Reads no more rows than the transaction has made, and one.
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s OFFSET %s)', rel::regclass, ours) INTO more;
    IF NOT more THEN
      refusal := agentroles_guard.refuse('AR004', format('to change or delete all %s rows of %s with one statement', n_stmt, rel::regclass),
        format('A table of more than %s rows is never rewritten or emptied at once: say which rows.', whole));
    END IF;
  END IF;
  RETURN NULL;
END
$fn$;

-- ------------------------------------------------------------- the lexer ----
-- Splits SQL text exactly as scan.l does. Result: one array element per token,
-- first character the kind:
--   w bare word, lower-cased in ASCII only      q quoted identifier
--   s string constant (first 40 chars kept)     n number    p parameter
--   o one operator/punctuation character
-- NULL: PostgreSQL cannot have parsed the text under this reading.
-- bs: standard_conforming_strings = off when the text was parsed. The setting is
-- the agent's and may have changed since, so the caller tries both readings.
CREATE OR REPLACE FUNCTION agentroles_guard.lex(sql text, bs boolean) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  a    text[];           -- atoms: a run of word characters, a run of blanks, or one character
  n    int;
  i    int := 1;
  j    int;
  c    text;
  c2   text;
  tok  text[] := ARRAY[]::text[];
  nt   int := 0;
  wend int := 0;         -- atom after the last word token (to see prefixes: e'..', b'..', u&'..')
  esc  boolean;          -- backslash escapes in this string
  dbl  boolean;          -- '' is a quote in this string
  lvl  int;
  nl   boolean;
  s    text;
BEGIN
  -- word characters: ASCII letters, digits, _ and every non-ASCII character (as
  -- scan.l has it: a no-break space is a letter, not a blank)
  SELECT array_agg(m[1]) INTO a
    FROM regexp_matches(sql COLLATE "C",
           $re$[^\u0001-\u002f\u003a-\u0040\u005b-\u005e\u0060\u007b-\u007f]+|[ \u0009\u000b\u000c]+|.$re$, 'g') m;
  n := coalesce(array_length(a, 1), 0);
  WHILE i <= n LOOP
    c := a[i];
    c2 := left(c, 1);
    IF c2 IN (' ', E'\t', E'\n', E'\r', E'\f', E'\x0b') THEN
      i := i + 1;
    ELSIF c = '-' AND a[i+1] = '-' THEN                       -- comment to end of line (\n or \r)
      i := i + 2;
      WHILE i <= n AND a[i] NOT IN (E'\n', E'\r') LOOP i := i + 1; END LOOP;
    ELSIF c = '/' AND a[i+1] = '*' THEN                       -- block comments nest
      lvl := 1; i := i + 2;
      WHILE lvl > 0 LOOP
        IF i > n THEN RETURN NULL; END IF;
        IF a[i] = '*' AND a[i+1] = '/' THEN lvl := lvl - 1; i := i + 2;
        ELSIF a[i] = '/' AND a[i+1] = '*' THEN lvl := lvl + 1; i := i + 2;
        ELSE i := i + 1; END IF;
      END LOOP;
    ELSIF c = '''' THEN                                        -- string constant
      esc := bs; dbl := true;
      IF wend = i AND nt > 0 THEN                              -- a word touches the quote: a prefix?
        CASE tok[nt]
          WHEN 'we' THEN esc := true;  nt := nt - 1;
          WHEN 'wb', 'wx' THEN esc := false; dbl := false; nt := nt - 1;
          WHEN 'wn' THEN nt := nt - 1;
          ELSE NULL;
        END CASE;
      ELSIF wend = i - 1 AND nt > 1 AND tok[nt] = 'o&' AND tok[nt-1] = 'wu' THEN
        IF bs THEN RETURN NULL; END IF;                        -- refused by the server
        esc := false; nt := nt - 2;
      END IF;
      i := i + 1;
      s := '';
      LOOP
        IF i > n THEN RETURN NULL; END IF;                     -- not terminated
        c := a[i];
        IF length(s) < 40 THEN s := s || left(c, 40); END IF;      -- no array slices here: each would copy the array
        IF c = '''' THEN
          IF dbl AND a[i+1] = '''' THEN
            i := i + 2;
          ELSE                                                 -- closed; does it go on after a line break?
            j := i + 1; nl := false;
            LOOP
              EXIT WHEN j > n;
              IF a[j] IN (E'\n', E'\r') THEN nl := true; j := j + 1;
              ELSIF left(a[j], 1) IN (' ', E'\t', E'\f', E'\x0b') THEN j := j + 1;
              ELSIF a[j] = '-' AND a[j+1] = '-' THEN
                j := j + 2;
                WHILE j <= n AND a[j] NOT IN (E'\n', E'\r') LOOP j := j + 1; END LOOP;
              ELSE EXIT; END IF;
            END LOOP;
            IF nl AND j <= n AND a[j] = '''' THEN i := j + 1;
            ELSE i := i + 1; EXIT; END IF;
          END IF;
        ELSIF esc AND c = E'\\' THEN
          IF i + 1 <= n AND length(a[i+1]) = 1 THEN i := i + 2; ELSE i := i + 1; END IF;
        ELSE
          i := i + 1;
        END IF;
      END LOOP;
      nt := nt + 1; tok[nt] := 's' || left(s, 40);
    ELSIF c = '"' THEN                                         -- quoted identifier
      s := '';
      IF wend = i - 1 AND nt > 1 AND tok[nt] = 'o&' AND tok[nt-1] = 'wu' THEN
        -- its escapes are not undone (UESCAPE may follow), so it must never be taken for a name as
        -- written: 64 characters more than any name can have
        nt := nt - 2; s := repeat('U', 64);
      END IF;
      i := i + 1;
      LOOP
        IF i > n THEN RETURN NULL; END IF;
        IF a[i] = '"' THEN
          EXIT WHEN a[i+1] IS DISTINCT FROM '"';
          i := i + 1;
        END IF;
        s := s || a[i]; i := i + 1;
      END LOOP;
      nt := nt + 1; tok[nt] := 'q' || s;
      i := i + 1;
    ELSIF c = '$' THEN
      s := a[i+1];
      IF s = '$' THEN                                          -- $$ ... $$
        i := i + 2;
        LOOP
          IF i >= n THEN RETURN NULL; END IF;
          EXIT WHEN a[i] = '$' AND a[i+1] = '$';
          i := i + 1;
        END LOOP;
        i := i + 2; nt := nt + 1; tok[nt] := 's$';
      ELSIF s IS NULL THEN RETURN NULL;
      ELSIF left(s, 1) BETWEEN '0' AND '9' THEN                -- $1
        i := i + 2; nt := nt + 1; tok[nt] := 'p' || s;
      ELSIF a[i+2] = '$' AND ascii(s) NOT BETWEEN 1 AND 47 AND ascii(s) NOT BETWEEN 58 AND 64
            AND ascii(s) NOT BETWEEN 91 AND 94 AND ascii(s) <> 96 AND ascii(s) NOT BETWEEN 123 AND 127 THEN
        i := i + 3;                                            -- $tag$ ... $tag$
        LOOP
          IF i + 1 >= n THEN RETURN NULL; END IF;
          EXIT WHEN a[i] = '$' AND a[i+1] = s AND a[i+2] = '$';
          i := i + 1;
        END LOOP;
        i := i + 3; nt := nt + 1; tok[nt] := 's$';
      ELSE RETURN NULL;
      END IF;
    ELSIF c = E'\\' THEN
      RETURN NULL;                                             -- no such token
    ELSIF ascii(c) BETWEEN 48 AND 57 THEN                      -- number
      nt := nt + 1; tok[nt] := 'n' || c; i := i + 1;
    ELSIF ascii(c) NOT BETWEEN 1 AND 64 AND ascii(c) NOT BETWEEN 91 AND 94
          AND ascii(c) <> 96 AND ascii(c) NOT BETWEEN 123 AND 127 THEN
      s := c; i := i + 1;                                      -- word; $ may continue it
      WHILE i <= n AND (a[i] = '$' OR (a[i-1] = '$' AND ascii(a[i]) > 47 AND ascii(a[i]) NOT BETWEEN 58 AND 64
            AND ascii(a[i]) NOT BETWEEN 91 AND 94 AND ascii(a[i]) <> 96 AND ascii(a[i]) NOT BETWEEN 123 AND 127)) LOOP
        s := s || a[i]; i := i + 1;
      END LOOP;
      nt := nt + 1; tok[nt] := 'w' || lower(s COLLATE "C"); wend := i;
    ELSE
      nt := nt + 1; tok[nt] := 'o' || c; i := i + 1;
    END IF;
  END LOOP;
  RETURN tok[1:nt];
END
$fn$;

-- ------------------------------------------------- is a predicate a filter --
-- t[b..e] is the predicate. Refuses only what is plainly no filter; what really
-- happens to the rows is measured afterwards.
CREATE OR REPLACE FUNCTION agentroles_guard.predicate_fault(t text[], b integer, e integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  k    text;
  w    text;
  d    int := 0;
  col  boolean := false;
  arm  text := '';
  arms text[] := ARRAY[]::text[];
  txt  text := '';       -- the predicate without its parentheses
BEGIN
  IF b > e THEN RETURN 'empty WHERE'; END IF;
  -- parentheses around the whole predicate
  WHILE t[b] = 'o(' AND t[e] = 'o)' LOOP
    d := 0;
    FOR i IN b..e - 1 LOOP
      IF t[i] = 'o(' THEN d := d + 1; ELSIF t[i] = 'o)' THEN d := d - 1; END IF;
      EXIT WHEN d = 0;
    END LOOP;
    EXIT WHEN d = 0;
    b := b + 1; e := e - 1;
  END LOOP;
  d := 0;
  FOR i IN b..e LOOP
    w := t[i]; k := left(w, 1);
    IF NOT col AND k IN ('w', 'q') THEN
      IF i < e AND t[i+1] = 'o(' THEN NULL;                                       -- function
      ELSIF i < e AND left(t[i+1], 1) = 's' AND k = 'w' THEN NULL;                -- date '...'
      ELSIF i > b + 1 AND t[i-1] = 'o:' AND t[i-2] = 'o:' THEN NULL;              -- ::type
      ELSIF i > b AND t[i-1] = 'was' THEN NULL;                                   -- cast(x as type)
      ELSIF k = 'q' OR w NOT IN ('wand','wor','wnot','wis','wnull','wtrue','wfalse','wunknown','win','wlike','wilike',
          'wsimilar','wto','wbetween','wsymmetric','wasymmetric','wany','wall','wsome','wexists','wcase','wwhen','wthen',
          'welse','wend','wdistinct','wfrom','wisnull','wnotnull','wcollate','wat','wtime','wzone','warray','wrow',
          'wcurrent_date','wcurrent_time','wcurrent_timestamp','wlocaltime','wlocaltimestamp','wcurrent_user',
          'wsession_user','wuser','wcurrent_role','wcurrent_catalog','wcurrent_schema','winterval','wcast','wselect',
          'wwhere','wescape','wvalues','was','wlimit') THEN
        col := true;
      END IF;
    END IF;
    IF w NOT IN ('o(', 'o)') AND length(txt) < 400 THEN txt := txt || w; END IF;
    IF w = 'o(' THEN d := d + 1; ELSIF w = 'o)' THEN d := d - 1;
    ELSIF w = 'wor' AND d = 0 THEN arms := arms || arm; arm := '';
    ELSIF length(arm) < 200 THEN arm := arm || w; END IF;      -- a longer arm is none of the plain ones
  END LOOP;
  arms := arms || arm;
  IF NOT col THEN
    IF txt IN ('wfalse', 'n1o=n0', 'n0o=n1', 'n1o<o>n1', 'n1o!o=n1', 'n0o<o>n0', 'n0o!o=n0', 'wnull') THEN
      RETURN NULL;                                                                -- how ORMs write "no rows"
    END IF;
    RETURN 'WHERE does not look at any column';
  END IF;
  IF array_length(arms, 1) > 1 THEN                                               -- x = 1 OR true / OR 1=1
    FOREACH arm IN ARRAY arms LOOP
      IF arm IN ('wtrue', 'wnotwfalse', 'wnullwiswnull') OR (length(arm) < 200 AND arm ~ '^([ns].*)o=\1$') THEN
        RETURN 'WHERE has an arm that is always true';
      END IF;
    END LOOP;
  END IF;
  IF length(txt) < 400 AND txt ~ '^([wq][^=]*)o=\1$' THEN RETURN 'WHERE compares a column with itself'; END IF;
  RETURN NULL;
END
$fn$;

-- ------------------------------------------------ what does the text say ----
-- fault   why the text is refused (NULL: accepted)
-- verbs   how many UPDATE/DELETE/MERGE/upsert actions it has
-- listed  all of them are upserts whose rows stand in the text or the parameters
-- together one statement of it has several verbs
-- execs   names of prepared statements run by SQL-level EXECUTE
--
-- UPDATE, DELETE, MERGE and EXECUTE are not reserved, so they may be names. A word
-- counts as the verb unless its neighbours prove it a name; only fully reserved
-- words may prove that (SEARCH ... SET by DELETE FROM t is a real DELETE).
CREATE OR REPLACE FUNCTION agentroles_guard.judge(t text[], OUT fault text, OUT verbs integer, OUT listed boolean, OUT together boolean, OUT execs text[]) RETURNS record
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  m      int := coalesce(array_length(t, 1), 0);
  dep    int[];
  d      int := 0;
  i      int; j int; k int; on_at int;
  w      text; p text; nx text;
  first  text;           -- first token of the current top-level statement
  start  boolean := true;
  plain  int := 0;       -- verbs other than upserts
  before int := 0;       -- verbs before the current top-level statement
  relsrc boolean := false;
  lists  int[] := ARRAY[]::int[];  -- depths at which a comma separates items of a FROM list
  verb   boolean;
  reserved CONSTANT text[] := ARRAY['wfrom','wjoin','winto','wonly','wwith','wwhere','wand','wor','wnot','win','wis','wlike',
    'wilike','wwhen','wthen','welse','wend','wcase','wselect','wdistinct','wall','wany','wreturning','won','whaving','wusing',
    'wlimit','woffset','wunion','wexcept','wintersect','wgroup','worder','was','wasc','wdesc','wfor','wfetch','wwindow',
    'wto','wdefault','wcross','wnatural','wleft','wright','wfull','winner','wouter','wlateral','wtable','wisnull','wnotnull','wsimilar'];
BEGIN
  verbs := 0; execs := ARRAY[]::text[]; listed := false; together := false;
  FOR i IN 1..m LOOP                                   -- depth of every token
    w := t[i];
    IF w IN ('o)', 'o]') THEN d := d - 1; END IF;
    IF d < 0 THEN fault := 'unbalanced text'; RETURN; END IF;
    dep[i] := d;
    IF w IN ('o(', 'o[') THEN d := d + 1; END IF;
  END LOOP;
  FOR i IN 1..m LOOP
    w := t[i];
    IF start THEN first := w; start := false; before := verbs; END IF;
    IF verbs > before + 1 THEN together := true; END IF;
    IF w = 'o;' AND dep[i] = 0 THEN start := true; lists := ARRAY[]::int[]; CONTINUE; END IF;
    IF cardinality(lists) > 0 THEN                     -- no FROM list at this depth any more?
      IF w = 'o)' THEN lists := array_remove(lists, dep[i] + 1);
      ELSIF w IN ('wselect', 'wset', 'wwhere', 'wgroup', 'worder', 'wlimit', 'wreturning', 'wvalues') THEN
        lists := array_remove(lists, dep[i]);
      END IF;
    END IF;
    CONTINUE WHEN w NOT IN ('wupdate', 'wdelete', 'wmerge', 'wexecute', 'wfrom', 'wjoin', 'wusing', 'wtable')
              AND NOT (w = 'o,' AND dep[i] = ANY (lists));
    p := coalesce(t[i-1], 'o;'); nx := coalesce(t[i+1], 'o;');
    IF w IN ('wfrom', 'wjoin', 'wusing', 'o,') THEN    -- a relation as a source (not a function, VALUES or a subquery)
      j := i + 1;
      WHILE t[j] = 'o(' LOOP j := j + 1; END LOOP;     -- FROM (a CROSS JOIN b)
      IF w <> 'o,' THEN lists := lists || dep[i] || dep[least(j, m)]; END IF;
      nx := coalesce(t[j], 'o;');
      IF left(nx, 1) IN ('w', 'q') AND nx NOT IN ('wselect', 'wvalues', 'wwith', 'wlateral', 'wrows')
         AND coalesce(t[j+1], '') <> 'o(' AND NOT coalesce(t[j+1] = 'o.' AND t[j+3] = 'o(', false) THEN relsrc := true; END IF;
      CONTINUE;
    END IF;
    IF w = 'wtable' THEN relsrc := true; CONTINUE; END IF;
    IF w = 'wexecute' THEN
      -- EXECUTE p; EXPLAIN ANALYZE EXECUTE p; CREATE TABLE x AS EXECUTE p (not: CREATE TRIGGER ... EXECUTE FUNCTION f)
      IF (p = 'o;' OR first = 'wexplain' OR p = 'was') AND left(nx, 1) IN ('w', 'q') THEN execs := execs || substr(nx, 2); END IF;
      CONTINUE;
    END IF;
    -- after a value, operator, comma, dot; but U&"name" UESCAPE '!' ends with a string and is a name
    CONTINUE WHEN (left(p, 1) IN ('n', 'p', 's') AND NOT coalesce(t[i-2] = 'wuescape', false))
               OR (left(p, 1) = 'o' AND p NOT IN ('o(', 'o)', 'o;'));
    IF w = 'wupdate' AND p = 'wdo' AND nx = 'wset' THEN verbs := verbs + 1; CONTINUE; END IF;           -- upsert
    IF p = 'was' THEN
      CONTINUE WHEN first <> 'wprepare';               -- an alias; PREPARE name AS <statement> otherwise
    ELSE
      CONTINUE WHEN p = ANY (reserved);                -- also FOR UPDATE, ON UPDATE, MERGE ... THEN UPDATE/DELETE
    END IF;
    CONTINUE WHEN p = 'wkey' AND t[i-2] = 'wno' AND t[i-3] = 'wfor';                                   -- FOR NO KEY UPDATE
    IF w = 'wupdate' THEN
      -- a name comes next, and after a name no reserved word but AS (UPDATE insert INTO ... is a column called update)
      verb := nx = 'wonly' OR ((left(nx, 1) = 'q' OR (left(nx, 1) = 'w' AND nx <> ALL (reserved)))
                               AND (coalesce(t[i+2], '') <> ALL (reserved) OR t[i+2] = 'was'));
    ELSIF w = 'wdelete' THEN
      verb := nx = 'wfrom';
    ELSE
      verb := nx = 'winto';
    END IF;
    CONTINUE WHEN NOT verb;
    verbs := verbs + 1; plain := plain + 1;
    -- end of this statement: the parenthesis that holds it, a semicolon, or the end of the text
    k := i + 1;
    WHILE k <= m AND dep[k] >= dep[i] AND NOT (t[k] = 'o;' AND dep[k] = dep[i]) LOOP k := k + 1; END LOOP;
    k := k - 1;
    IF w = 'wmerge' THEN
      on_at := NULL; j := NULL;
      FOR x IN i+1..k LOOP
        CONTINUE WHEN dep[x] <> dep[i];
        IF t[x] = 'won' AND j IS NULL THEN on_at := x; END IF;               -- the last ON before WHEN; joins of the source come first
        IF j IS NULL AND on_at IS NOT NULL AND t[x] = 'wwhen' AND t[x+1] IN ('wmatched', 'wnot') THEN j := x; END IF;
        IF t[x] = 'wsource' AND t[x-1] = 'wby' AND t[x+1] = 'wthen' AND t[x+2] IN ('wupdate', 'wdelete') THEN
          fault := 'MERGE changes every row NOT MATCHED BY SOURCE; add AND <condition>'; RETURN;
        END IF;
      END LOOP;
      IF on_at IS NULL OR j IS NULL THEN fault := 'MERGE could not be read'; RETURN; END IF;
      fault := agentroles_guard.predicate_fault(t, on_at + 1, j - 1);
      IF fault IS NOT NULL THEN fault := 'MERGE: ' || replace(fault, 'WHERE', 'ON'); RETURN; END IF;
      CONTINUE;
    END IF;
    j := NULL;
    FOR x IN i+1..k LOOP                                -- .where and AS where are labels
      IF t[x] = 'wwhere' AND dep[x] = dep[i] AND t[x-1] NOT IN ('o.', 'was') THEN j := x; EXIT; END IF;
    END LOOP;
    IF j IS NULL THEN
      fault := upper(substr(w, 2)) || ' without WHERE'; RETURN;
    END IF;
    FOR x IN j+1..k LOOP                                -- the predicate ends before RETURNING
      IF t[x] = 'wreturning' AND dep[x] = dep[i] AND t[x-1] NOT IN ('o.', 'was') THEN k := x - 1; EXIT; END IF;
    END LOOP;
    fault := agentroles_guard.predicate_fault(t, j + 1, k);
    IF fault IS NOT NULL THEN RETURN; END IF;
  END LOOP;
  IF verbs > before + 1 THEN together := true; END IF;
  listed := verbs > 0 AND plain = 0 AND NOT relsrc;
END
$fn$;

-- Both readings of backslashes; a reading that cannot be lexed cannot have been executed.
CREATE OR REPLACE FUNCTION agentroles_guard.judge_sql(sql text, OUT fault text, OUT verbs integer, OUT listed boolean, OUT together boolean, OUT execs text[]) RETURNS record
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  t text[]; t2 text[]; r record;
BEGIN
  IF sql IS NULL THEN fault := 'no statement text'; RETURN; END IF;
  IF length(sql) > 4000000 THEN fault := 'statement text too long; use parameters'; RETURN; END IF;
  t := agentroles_guard.lex(sql, false);
  IF strpos(sql, E'\\') > 0 THEN t2 := agentroles_guard.lex(sql, true); END IF;
  IF t IS NULL AND t2 IS NULL THEN fault := 'statement text could not be read'; RETURN; END IF;
  IF t IS NOT NULL THEN
    SELECT * INTO fault, verbs, listed, together, execs FROM agentroles_guard.judge(t);
  END IF;
  IF t2 IS NOT NULL AND t2 IS DISTINCT FROM t AND fault IS NULL THEN
    r := agentroles_guard.judge(t2);
    fault := r.fault; verbs := least(verbs, r.verbs); listed := coalesce(listed, true) AND r.listed;
    together := coalesce(together, false) OR r.together;
    execs := coalesce(execs, ARRAY[]::text[]) || r.execs;
  END IF;
END
$fn$;

-- The one trigger function of the application's tables: BEFORE UPDATE OR DELETE, once a statement. It judges the client's
-- text before any row is touched, notes where the counters stand, and holds the statement before this one to the limits.
-- The last one is held to them at commit, by settle().
CREATE OR REPLACE FUNCTION agentroles_guard.admit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $fn$
DECLARE
  refusal text;
  ctx    text;
  lim    record;
  c      record;
  m      agentroles_guard.mark;
  v      record;
  r      record;
  nested boolean;
  q      text;
  h      bytea;
  nm     text;
  st     text;
  what   text;
  newer  boolean;
BEGIN
  IF current_setting('is_superuser') = 'on' THEN
    RETURN NULL;
  END IF;
  GET DIAGNOSTICS ctx = PG_CONTEXT;               -- must stay in this function: the first line is our own frame
  lim := agentroles_guard.limits_here(TG_RELID);
  IF lim.free THEN
    RETURN NULL;
  END IF;
  what := TG_OP || ' on ' || TG_RELID::regclass || ': ';
  -- Any frame after our own was opened by a function, procedure, DO block or trigger: the client did not send this
  -- statement itself. (log_parameter_max_length_on_error adds an outermost one, "... with parameters: ...".)
  ctx := substr(ctx, strpos(ctx || E'\n', E'\n') + 1);
  nested := pg_trigger_depth() > 1
         OR NOT (ctx = '' OR ctx ~ '^(unnamed portal|portal ".*"|extended query) with parameters: ');
  IF nested AND pg_trigger_depth() = 1 AND NOT lim.functions THEN
    refusal := agentroles_guard.refuse('AR006', what || 'it was sent by a function, procedure or DO block',
      'Send the statement itself.');
  END IF;
  IF agentroles_guard.has_temp_code() THEN
    refusal := agentroles_guard.refuse('AR006', what || 'this session has functions, rules or triggers of its own in pg_temp',
      'Drop them, or run DISCARD TEMP, and try again.');
  END IF;
  c := agentroles_guard.counted(TG_RELID);
  -- The check at commit is queued by the first write of a transaction to the mark. The client may have made constraints
  -- immediate; a check at once would see nothing.
  SET CONSTRAINTS agentroles_guard.settle, agentroles_guard.settle_again DEFERRED;
  -- A statement inside another (trigger, foreign key, function) does not move the start of the one that the client sent,
  -- nor does one of several verbs in one statement.
  INSERT INTO agentroles_guard.mark AS x
    (xid, relid, at, txn_base, base, stmt_base, upd_base, ins_base, direct, verbs, listed, together, due)
  VALUES (pg_current_xact_id(), TG_RELID, statement_timestamp(), c.changed, c.changed, c.changed, c.updated, c.inserted,
          NOT nested, 0, false, false, true)
  ON CONFLICT (xid, relid) DO UPDATE SET
    was_at = x.at, was_base = x.base, was_stmt = x.stmt_base, was_upd = x.upd_base, was_ins = x.ins_base,
    was_direct = x.direct, was_listed = x.listed,
    at = excluded.at,
    base = CASE WHEN x.at = excluded.at THEN x.base ELSE excluded.base END,
    (stmt_base, upd_base, ins_base, direct) = ROW (
      CASE WHEN x.at <> excluded.at OR NOT x.together AND (excluded.direct OR NOT x.direct) THEN excluded.stmt_base ELSE x.stmt_base END,
      CASE WHEN x.at <> excluded.at OR NOT x.together AND (excluded.direct OR NOT x.direct) THEN excluded.upd_base ELSE x.upd_base END,
      CASE WHEN x.at <> excluded.at OR NOT x.together AND (excluded.direct OR NOT x.direct) THEN excluded.ins_base ELSE x.ins_base END,
      CASE WHEN x.at <> excluded.at THEN excluded.direct ELSE x.direct OR excluded.direct END),
    due = true
  RETURNING x.* INTO m;
  IF m.was_at IS NOT NULL THEN
    newer := m.was_at <> m.at OR NOT m.together AND (NOT nested OR NOT m.was_direct);
    refusal := agentroles_guard.hold(TG_RELID, lim.rows, lim.rows_per_transaction, lim.whole_table,
      c.changed - m.was_stmt, c.changed - m.was_base, c.changed - m.txn_base,
      c.updated - m.was_upd + c.inserted - m.was_ins, newer AND NOT (m.was_direct AND m.was_listed));
  END IF;
  -- The same text is judged once: a message of 1000 statements, a loop, a row trigger that writes. What runs EXECUTE is
  -- never remembered, since the name may stand for another statement the next time.
  q := current_query();
  h := sha256(convert_to(q, getdatabaseencoding()));
  IF h IS NULL OR m.sha IS DISTINCT FROM h THEN
    v := agentroles_guard.judge_sql(q);
    IF v.fault IS NULL THEN
      FOREACH nm IN ARRAY v.execs LOOP
        SELECT s.statement INTO st FROM pg_prepared_statements s WHERE s.name = nm;
        IF NOT FOUND THEN
          v.fault := 'the prepared statement of its EXECUTE is not known';
          EXIT;
        END IF;
        r := agentroles_guard.judge_sql(st);
        v.fault := r.fault;
        EXIT WHEN v.fault IS NOT NULL;
        v.listed := r.listed AND (v.listed OR v.verbs = 0);
        v.together := v.together OR r.together;
        v.verbs := v.verbs + r.verbs;
      END LOOP;
    END IF;
    IF v.fault IS NOT NULL THEN
      refusal := agentroles_guard.refuse('AR001', what || v.fault,
        format('Say which rows: add WHERE with a condition on a column. At most %s rows of a table may change at once.', lim.rows));
    END IF;
    m.verbs := v.verbs;
    -- What is worth a second write: it decides about the rows, or would be costly to find out again.
    IF v.listed OR v.together OR m.was_at IS NOT NULL OR length(q) > 400 THEN
      INSERT INTO agentroles_guard.mark AS x VALUES (m.*)
      ON CONFLICT (xid, relid) DO UPDATE
         SET verbs = v.verbs, listed = v.listed, together = v.together, sha = CASE WHEN cardinality(v.execs) = 0 THEN h END;
    END IF;
  END IF;
  IF NOT nested AND m.verbs = 0 THEN
    refusal := agentroles_guard.refuse('AR001', what || 'it does not stand in the text that was sent',
      'Send the UPDATE or DELETE itself, not a statement that a rule makes one of.');
  END IF;
  RETURN NULL;
END
$fn$;

-- Holds the last statement on each table to the limits when the transaction commits (or prepares to, or when the client
-- makes constraints immediate: then a later statement queues the next check).
CREATE OR REPLACE FUNCTION agentroles_guard.settle() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $fn$
DECLARE
  refusal text;
  ctx  text;
  lim  record;
  c    record;
  m    agentroles_guard.mark;
  used numeric;
BEGIN
  GET DIAGNOSTICS ctx = PG_CONTEXT;
  -- In the middle of a statement nothing can be told. COMMIT in a procedure is no statement's middle.
  ctx := substr(ctx, strpos(ctx || E'\n', E'\n') + 1);
  IF NOT (ctx = '' OR ctx ~ '^(unnamed portal|portal ".*"|extended query) with parameters: '
          OR split_part(ctx, E'\n', 1) ~ '^PL/pgSQL function .* line \d+ at COMMIT$') THEN
    refusal := agentroles_guard.refuse('AR006', 'SET CONSTRAINTS from code after a change of ' || NEW.relid::regclass,
      'Send SET CONSTRAINTS itself, as a statement of its own.');
  END IF;
  INSERT INTO agentroles_guard.mark AS x VALUES (NEW.*)
  ON CONFLICT (xid, relid) DO UPDATE SET due = false RETURNING x.* INTO m;
  lim := agentroles_guard.limits_here(m.relid);
  IF lim.agent IS NOT TRUE THEN
    refusal := agentroles_guard.refuse('AR007', format('this transaction: login %s lost its limits on %s meanwhile', session_user, m.relid::regclass),
      'The administrator must run: agentroles apply');
  END IF;
  IF lim.free THEN
    RETURN NULL;
  END IF;
  c := agentroles_guard.counted(m.relid);
  refusal := agentroles_guard.hold(m.relid, lim.rows, lim.rows_per_transaction, lim.whole_table,
    c.changed - m.stmt_base, c.changed - m.base, c.changed - m.txn_base,
    c.updated - m.upd_base + c.inserted - m.ins_base, NOT (m.direct AND m.listed));
  IF lim.rows_per_window IS NOT NULL AND c.changed > m.txn_base THEN
    INSERT INTO agentroles_guard.usage AS u VALUES (lim.name, clock_timestamp(), m.xid, m.relid, c.changed - m.txn_base)
    ON CONFLICT (xid, relid) DO UPDATE SET rows = excluded.rows, at = excluded.at;
    SELECT sum(u.rows) INTO used FROM agentroles_guard.usage u
     WHERE u.agent = lim.name AND u.at > clock_timestamp() - make_interval(secs => lim.window_seconds);
    IF used > lim.rows_per_window THEN
      refusal := agentroles_guard.refuse('AR005', format('to change %s rows within %s seconds: the limit is %s', used, lim.window_seconds, lim.rows_per_window),
        'Wait, and change fewer rows.');
    END IF;
  END IF;
  -- Nothing else deletes. What ended transactions left has no use.
  IF random() < 0 AND current_setting('transaction_isolation') <> 'serializable' THEN
    DELETE FROM agentroles_guard.mark l USING (
      SELECT o.ctid FROM agentroles_guard.mark o
       WHERE o.xid < pg_snapshot_xmin(pg_current_snapshot()) LIMIT 5000 FOR UPDATE SKIP LOCKED) old
     WHERE l.ctid = old.ctid;
    DELETE FROM agentroles_guard.usage l USING (
      SELECT o.ctid FROM agentroles_guard.usage o
       WHERE o.at < clock_timestamp() - interval '7 days' LIMIT 5000 FOR UPDATE SKIP LOCKED) old
     WHERE l.ctid = old.ctid;
  END IF;
  RETURN NULL;
END
$fn$;

DO $do$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = 'agentroles_guard.mark'::regclass AND tgname = 'settle') THEN
    CREATE CONSTRAINT TRIGGER settle AFTER INSERT ON agentroles_guard.mark DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.due) EXECUTE FUNCTION agentroles_guard.settle();
    CREATE CONSTRAINT TRIGGER settle_again AFTER UPDATE ON agentroles_guard.mark DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.due AND NOT OLD.due) EXECUTE FUNCTION agentroles_guard.settle();
  END IF;
END
$do$;
ALTER TABLE agentroles_guard.mark ENABLE ALWAYS TRIGGER settle, ENABLE ALWAYS TRIGGER settle_again;

-- Triggers hold functions by their number: nobody needs EXECUTE on them, and whoever had it could put one on a table of
-- his own.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA agentroles_guard FROM PUBLIC;

