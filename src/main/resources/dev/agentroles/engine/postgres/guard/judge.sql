-- What a text says.
--
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
  i      int; j int; k int; y int; on_at int;
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
      IF (p = 'o;' OR first = 'wexplain' OR p = 'was') AND left(nx, 1) IN ('w', 'q') THEN
        -- Where a letter is a byte, the server folds the case of all of them, by a table that SQL cannot ask.
        IF left(nx, 1) = 'w' AND nx COLLATE "C" ~ '[^!-~]' AND octet_length(nx) = length(nx) THEN
          fault := 'the name after its EXECUTE has letters that are not ASCII and no double quotes'; RETURN;
        END IF;
        execs := execs || substr(nx, 2);
      END IF;
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
        IF t[x] = 'wsource' AND t[x-1] = 'wby' THEN
          y := x + 1;
          WHILE y <= k AND NOT (dep[y] = dep[i] AND t[y] = 'wthen') LOOP y := y + 1; END LOOP;
          IF coalesce(t[y+1], '') IN ('wupdate', 'wdelete') AND
             (t[x+1] <> 'wand' OR agentroles_guard.predicate_fault(t, x + 2, y - 1) IS NOT NULL) THEN
            fault := 'MERGE changes every row NOT MATCHED BY SOURCE; add AND and a condition on a column'; RETURN;
          END IF;
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

-- Both readings of backslashes; a reading that cannot be lexed cannot have been executed. The tokens come along where there
-- is but one reading. What is known by targets alone, those of plainest_of(), has no tokens.
CREATE OR REPLACE FUNCTION agentroles_guard.judge_sql(sql text, OUT fault text, OUT verbs integer, OUT listed boolean, OUT together boolean, OUT execs text[], OUT tokens text[], OUT targets name[]) RETURNS record
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  t text[]; t2 text[]; r record;
BEGIN
  IF sql IS NULL THEN fault := 'no statement text'; RETURN; END IF;
  IF length(sql) > 4000000 THEN fault := 'statement text too long; use parameters'; RETURN; END IF;
  SELECT p.verbs, p.listed, p.targets INTO verbs, listed, targets FROM agentroles_guard.plainest_of(sql) p;
  IF targets IS NOT NULL THEN
    together := false; execs := ARRAY[]::text[];
    RETURN;
  END IF;
  t := agentroles_guard.lex(sql, false);
  IF strpos(sql, E'\\') > 0 THEN t2 := agentroles_guard.lex(sql, true); END IF;
  IF t IS NULL AND t2 IS NULL THEN fault := 'statement text could not be read'; RETURN; END IF;
  IF t IS NOT NULL THEN
    SELECT * INTO fault, verbs, listed, together, execs FROM agentroles_guard.judge(t);
  END IF;
  IF t2 IS NULL THEN tokens := t; END IF;
  IF t2 IS NOT NULL AND t2 IS DISTINCT FROM t AND fault IS NULL THEN
    r := agentroles_guard.judge(t2);
    fault := r.fault; verbs := least(verbs, r.verbs); listed := coalesce(listed, true) AND r.listed;
    together := coalesce(together, false) OR r.together;
    execs := coalesce(execs, ARRAY[]::text[]) || r.execs;
  END IF;
END
$fn$;

-- What a verdict is remembered by: the text and, where it has an EXECUTE, all that the names of prepared statements stand for.
CREATE OR REPLACE FUNCTION agentroles_guard.fingerprint(sql text, executes boolean) RETURNS bytea
LANGUAGE plpgsql AS $fn$
BEGIN
  IF executes THEN
    sql := format('%L %s', sql, (SELECT string_agg(format('%L %L %L', s.name, s.statement, s.prepare_time), ' ' ORDER BY s.name) FROM pg_prepared_statements s));
  END IF;
  RETURN sha256(convert_to(sql, getdatabaseencoding()));
END
$fn$;
