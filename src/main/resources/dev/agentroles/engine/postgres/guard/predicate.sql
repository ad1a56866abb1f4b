-- Whether a name in t[b..e] stands where only a column can: not a keyword, function, type, label, collation, table of a
-- sub-select. A chain of names (schema.table.column) is one. In doubt it is a column: the rows are counted all the same.
CREATE OR REPLACE FUNCTION agentroles_guard.looks_at_column(t text[], b integer, e integer) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  i     int := b;
  j     int;
  w     text;
  p     text;                             -- the token before
  nx    text;                             -- the token after the chain
  d     int := 0;
  heads text[] := ARRAY[]::text[];        -- what stands before each open parenthesis
  lists int[] := ARRAY[]::int[];          -- depths with an open FROM list
  -- Reserved words: none of them is a column without quotes.
  words CONSTANT text[] := ARRAY['wall','wanalyse','wanalyze','wand','wany','warray','was','wasc','wasymmetric','wboth','wcase',
    'wcast','wcheck','wcollate','wcreate','wcross','wcurrent_catalog','wcurrent_date','wcurrent_role','wcurrent_schema',
    'wcurrent_time','wcurrent_timestamp','wcurrent_user','wdefault','wdesc','wdistinct','wdo','welse','wend','wexcept','wfalse',
    'wfetch','wfor','wfrom','wfull','wgroup','whaving','wilike','win','winner','wintersect','winto','wis','wisnull','wjoin',
    'wlateral','wleading','wleft','wlike','wlimit','wlocaltime','wlocaltimestamp','wnatural','wnot','wnotnull','wnull','woffset',
    'won','wonly','wor','worder','wouter','woverlaps','wplacing','wreturning','wright','wselect','wsession_user','wsimilar',
    'wsome','wsymmetric','wsystem_user','wtable','wtablesample','wthen','wto','wtrailing','wtrue','wunion','wunique','wuser',
    'wusing','wvariadic','wwhen','wwhere','wwindow','wwith'];
BEGIN
  WHILE i <= e LOOP
    w := t[i];
    p := CASE WHEN i > b THEN t[i-1] ELSE '' END;
    IF w = 'o(' THEN d := d + 1; heads := heads || p;
    ELSIF w = 'o)' THEN d := d - 1; heads := heads[1:greatest(d, 0)]; lists := array_remove(lists, d + 1);
    END IF;
    IF left(w, 1) NOT IN ('w', 'q') AND NOT (w = 'o,' AND d = ANY (lists)) THEN
      i := i + 1;
      CONTINUE;
    END IF;
    IF w IN ('wselect', 'wwhere', 'wgroup', 'worder', 'whaving', 'wlimit', 'wunion', 'wexcept', 'wintersect', 'wwindow') THEN
      lists := array_remove(lists, d);
    ELSIF w = 'wtable' OR w IN ('wjoin', 'o,') AND d = ANY (lists)
       OR w = 'wfrom' AND NOT (p = 'wdistinct' AND i > b + 1 AND t[i-2] IN ('wis', 'wnot'))
          AND coalesce(heads[d], '') NOT IN ('wextract', 'wsubstring', 'wtrim', 'woverlay') THEN
      IF w = 'wfrom' THEN lists := lists || d; END IF;          -- tables of a sub-select, with their aliases
      i := i + 1;
      WHILE i <= e AND t[i] IN ('wonly', 'wlateral', 'wrows', 'wfrom') LOOP i := i + 1; END LOOP;
      IF i <= e AND left(t[i], 1) IN ('w', 'q') AND t[i] <> ALL (words) THEN
        WHILE i + 2 <= e AND t[i+1] = 'o.' LOOP i := i + 2; END LOOP;
        CONTINUE WHEN i < e AND t[i+1] = 'o(';                  -- a function: its arguments are looked at
        i := i + 1;
        IF i <= e AND t[i] = 'was' THEN i := i + 1; END IF;
        IF i <= e AND left(t[i], 1) IN ('w', 'q') AND t[i] <> ALL (words) THEN i := i + 1; END IF;
      END IF;
      CONTINUE;
    END IF;
    j := i;
    WHILE j + 2 <= e AND t[j+1] = 'o.' AND left(t[j+2], 1) IN ('w', 'q') LOOP j := j + 2; END LOOP;
    nx := CASE WHEN j < e THEN t[j+1] ELSE '' END;
    IF nx = 'o('                                                                  -- function, IN (, type with a length
       OR left(nx, 1) = 's'                                                       -- date '2020-01-01', escape '!'
       OR left(p, 1) IN ('n', 's', 'p') OR p IN ('o)', 'o]')                      -- label, or a word such as AT, OVER
       OR i > b + 1 AND p = 'o:' AND t[i-2] = 'o:'                                -- ::type
       OR p IN ('was', 'wcollate')                                                -- cast (x as type), collation
       OR p = 'o(' AND i > b + 1 AND t[i-2] = 'woperator'                         -- operator (schema.=)
       OR nx IN ('o=', 'o:') AND j + 1 < e AND t[j+2] IN ('o>', 'o=') AND (nx, t[j+2]) IN (('o=', 'o>'), ('o:', 'o='))   -- f (x => 1)
       OR nx = 'wfrom' AND p = 'o(' AND heads[d] = 'wextract'                     -- extract (year from x)
       OR p IN ('wis', 'wfetch', 'woverlaps') OR p = 'wnot' AND i > b + 1 AND t[i-2] = 'wis'    -- IS UNKNOWN, IS JSON
       OR p = 'wjson' AND w IN ('wvalue', 'wobject', 'warray', 'wscalar')
       OR p IN ('wnfc', 'wnfd', 'wnfkc', 'wnfkd') AND w = 'wnormalized'
       OR w = 'wby' AND p IN ('worder', 'wgroup', 'wpartition')
       OR w = 'wtime' AND p IN ('wat', 'wwith', 'wwithout') OR w = 'wzone' AND p = 'wtime' OR w = 'wlocal' AND p = 'wat'
       OR w IN ('wprecision', 'wvarying') AND p IN ('wdouble', 'wbit', 'wcharacter', 'wchar', 'wnchar')
       OR w IN ('wdouble', 'wbit', 'wcharacter', 'wchar', 'wnchar', 'wtimestamp', 'wtime', 'wnational')
          AND nx IN ('wprecision', 'wvarying', 'wwith', 'wwithout', 'wcharacter', 'wchar')
       OR w = ANY (words) AND j = i THEN
      i := j + 1;
      CONTINUE;
    END IF;
    RETURN true;
  END LOOP;
  RETURN false;
END
$fn$;

-- t[b..e] is the predicate. Refuses only what is plainly no filter; what really
-- happens to the rows is measured afterwards.
CREATE OR REPLACE FUNCTION agentroles_guard.predicate_fault(t text[], b integer, e integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  w    text;
  d    int := 0;
  col  boolean;
  arm  text := '';
  arms text[] := ARRAY[]::text[];
  txt  text := '';       -- the predicate without its parentheses
  around  int := 0;      -- parentheses that open it and close with its end
  closing int := 0;
BEGIN
  IF b > e THEN RETURN 'empty WHERE'; END IF;
  -- parentheses around the whole predicate
  WHILE around < e - b AND t[b+around] = 'o(' LOOP around := around + 1; END LOOP;
  WHILE closing < e - b AND t[e-closing] = 'o)' LOOP closing := closing + 1; END LOOP;
  d := around;
  around := least(around, closing);
  FOR i IN b + d..e - closing LOOP
    IF t[i] = 'o(' THEN d := d + 1; ELSIF t[i] = 'o)' THEN d := d - 1; around := least(around, d); END IF;
  END LOOP;
  b := b + around; e := e - around;
  col := agentroles_guard.looks_at_column(t, b, e);
  d := 0;
  FOR i IN b..e LOOP
    w := t[i];
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

