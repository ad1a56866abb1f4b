-- Whether a statement will plainly change more than `most` rows, told before it changes any: without this a refused
-- DELETE of a million rows would first be done. An economy for large tables, never the guarantee: whatever it cannot read is
-- left to the count afterwards. So is what has parameters (their values are nowhere that SQL could see them) or is long; admit() knows both.
--
-- t: the text's tokens; NULL if it is plain(). Then it changes no more than a row where its WHERE begins with a unique column
-- that is equal to a constant, which is soon told. Reads only the plainest form, with CTEs before it or without: one DELETE FROM
-- or UPDATE of the table itself, a condition of columns, constants, comparisons, sums and the time of day. The planner's estimate
-- is asked first, and what it finds too large is counted, as far as the limit. Both run as the guard's role, so nothing in the
-- text that somebody else may have made is evaluated: no function but now(), no operator or type that the server does not ship,
-- no row security.
CREATE OR REPLACE FUNCTION agentroles_guard.foresees_more(rel oid, sql text, t text[], most bigint) RETURNS boolean
LANGUAGE plpgsql AS $fn$
DECLARE
  m       int;
  i       int := 1;
  p       text;
  w       text;
  alias   text;
  cond    text := '';
  used    name[] := ARRAY[]::name[];      -- names in the condition, but for those before a dot
  guess   text;
  n       bigint;
  -- words of a condition that are no names
  words   CONSTANT text[] := ARRAY['wand','wor','wnot','wis','wnull','wtrue','wfalse','win','wbetween','wlike',
    'wcurrent_date','wcurrent_timestamp','wlocaltimestamp'];
  types   CONSTANT text[] := ARRAY['wdate','wtimestamp','wtimestamptz','wtime','winterval','wint','winteger','wbigint','wsmallint',
    'wint2','wint4','wint8','wnumeric','wreal','wfloat8','wtext','wvarchar','wboolean','wbool','wuuid'];
BEGIN
  IF t IS NULL THEN
    alias := substring(sql COLLATE "C" FROM '(?i)[[:space:]]where[[:space:]]+(?:[a-z0-9_]+[.])?([a-z_][a-z0-9_]*)[[:space:]]*=');
  END IF;
  IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = rel AND (c.reltuples > 20 * most OR c.reltuples < 0) AND NOT c.relrowsecurity)
     OR EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = rel AND a.attnum = i.indkey[0]
                 WHERE i.indrelid = rel AND i.indisunique AND i.indnkeyatts = 1 AND i.indpred IS NULL AND a.attname = lower(alias)) THEN
    RETURN false;
  END IF;
  t := coalesce(t, agentroles_guard.lex(sql, false));
  m := cardinality(t);
  IF m > 200 THEN
    RETURN false;
  END IF;
  IF t[m] = 'o;' THEN m := m - 1; END IF;
  IF t[1] = 'wwith' THEN                          -- CTEs end with a parenthesis; there is but one verb in the text
    WHILE i < m AND NOT (t[i] IN ('wdelete', 'wupdate') AND t[i-1] = 'o)') LOOP i := i + 1; END LOOP;
    t := t[i:m];
    m := cardinality(t);
    i := 1;
  END IF;
  IF t[1] = 'wdelete' AND t[2] = 'wfrom' THEN i := 3; ELSIF t[1] = 'wupdate' THEN i := 2; ELSE RETURN false; END IF;
  WHILE t[i+1] = 'o.' LOOP i := i + 2; END LOOP;
  alias := substr(t[i], 2);
  IF left(t[i], 1) NOT IN ('w', 'q') OR NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = rel AND c.relname = alias)
     OR EXISTS (SELECT FROM pg_class c WHERE c.relname = alias AND c.relhasrules) THEN    -- a view that leads to the table
    RETURN false;
  END IF;
  i := i + 1;
  IF t[i] = 'was' THEN i := i + 1; END IF;
  IF t[i] NOT IN ('wwhere', 'wset') THEN alias := substr(t[i], 2); i := i + 1; END IF;
  IF t[1] = 'wupdate' THEN                        -- what is set does not matter; a sub-select or FROM does
    WHILE i <= m AND t[i] <> 'wwhere' LOOP
      IF t[i] IN ('wfrom', 'wselect') THEN RETURN false; END IF;
      i := i + 1;
    END LOOP;
  END IF;
  IF t[i] IS DISTINCT FROM 'wwhere' THEN RETURN false; END IF;
  FOR j IN i + 1 .. m LOOP
    w := t[j];
    p := t[j-1];
    EXIT WHEN w = 'wreturning';
    CASE left(w, 1)
      WHEN 'n' THEN cond := cond || ' ' || substr(w, 2);
      WHEN 's' THEN
        IF w !~ '^s[^'']{0,38}$' OR (left(p, 1) = 'w' AND p <> ALL (words || types)) THEN RETURN false; END IF;
        cond := cond || ' ' || quote_literal(substr(w, 2));
      WHEN 'w', 'q' THEN
        IF w = ANY (words) OR w = ANY (types) AND (left(t[j+1], 1) = 's' OR p = 'o:' AND t[j-2] = 'o:' AND t[j+1] IS DISTINCT FROM 'o(') THEN
          cond := cond || ' ' || substr(w, 2);
        ELSIF w = 'wnow' AND t[j+1] = 'o(' AND t[j+2] = 'o)' AND p <> 'o.' THEN cond := cond || ' pg_catalog.now';
        ELSIF t[j+1] = 'o(' OR left(p, 1) IN ('w', 'q') AND p <> ALL (words) AND p <> 'wwhere' THEN RETURN false;
        ELSE
          cond := cond || ' ' || quote_ident(substr(w, 2));
          IF t[j+1] IS DISTINCT FROM 'o.' THEN used := used || substr(w, 2)::name; END IF;
        END IF;
      WHEN 'o' THEN
        IF w NOT IN ('o(', 'o)', 'o,', 'o.', 'o=', 'o<', 'o>', 'o!', 'o+', 'o-', 'o:') OR w = 'o!' AND t[j+1] IS DISTINCT FROM 'o='
           OR w = 'o:' AND p <> 'o:' AND (t[j+1] IS DISTINCT FROM 'o:' OR t[j+2] <> ALL (types)) THEN
          RETURN false;
        END IF;
        cond := cond || CASE WHEN p IN ('o<', 'o>', 'o!') AND w IN ('o=', 'o>') OR p = 'o:' AND w = 'o:' THEN '' ELSE ' ' END || substr(w, 2);
      ELSE RETURN false;
    END CASE;
  END LOOP;
  IF alias = ANY (used)                           -- a whole row
     OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = rel AND a.attname = ANY (used) AND a.atttypid >= 16384) THEN
    RETURN false;
  END IF;
  cond := format('FROM %s AS %I WHERE %s', rel::regclass, alias, cond);
  guess := agentroles_guard.look('EXPLAIN SELECT ' || cond);
  IF coalesce(substring(guess FROM ' rows=(\d+) ')::bigint, 0) <= most THEN
    RETURN false;
  END IF;
  n := agentroles_guard.look(format('SELECT count(*) FROM (SELECT %s LIMIT %s) x', cond, most + 1));
  RETURN n > most;
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END
$fn$;
