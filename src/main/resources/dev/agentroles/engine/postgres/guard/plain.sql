-- The name of what a text of one statement changes, without its schema, where it stands behind the verb at the very beginning, with
-- nothing of it hidden by a comment or by blanks around a dot; else empty, which is no table's name.
CREATE OR REPLACE FUNCTION agentroles_guard.target(sql text) RETURNS name
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  t text COLLATE "C" := left(sql, 400);
BEGIN
  -- With what follows the name, which is cut off again: looking ahead would cost four times as much.
  t := rtrim(left(t, length(substring(lower(t) FROM replace(replace(
      $re$^ *(?:update|delete +from|insert +into)(?: +only)? +NAME(?:[.]NAME)*(?: +[a-z_"*]| *[(])$re$,
      'NAME', '(?:[a-z_][a-z0-9_]*|"[^"\\]*")'), ' ', '[[:space:]]'))) - 1), E' \t\n\r\f\x0b');
  IF right(t, 1) = '"' THEN
    RETURN split_part(t, '"', -2);
  END IF;
  t := lower(split_part(split_part(translate(t, E'\t\n\r\f\x0b', '     '), ' ', -1), '.', -1));
  RETURN CASE WHEN t IS NULL OR t = 'only' THEN '' ELSE t END;     -- UPDATE ONLY (t)
END
$fn$;

-- The plainest of texts, seen at one look: one UPDATE or DELETE with a WHERE, no parentheses but (), and columns compared with constants.
-- NULL for any other text, else its target(). What stands for white space and names is spelled out below; a larger expression would
-- cost more than it saves, and one of two alternatives three times as much as two.
CREATE OR REPLACE FUNCTION agentroles_guard.plainest(sql text) RETURNS name
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  s text COLLATE "C" := lower(sql COLLATE "C");
BEGIN
  IF s ~ replace(replace(replace(replace($re$^ *(?:update|delete +from) +NAME(?: +[a-z_][a-z0-9_]*)* +$re$
            || $re$(?:set (?:[a-z0-9_,=<>+*|:~]|[.][a-z0-9_"]|[$][0-9]|-[0-9~]|[(][)]|'[^'\\]*'|"[^"\\]*")* )?$re$
            || $re$where(?: +NAME *(?:=|[<>!][=>]?) *CONSTANT(?: +and|[;~]*$))+$$re$,
          'CONSTANT', $re$(?:[$]?[0-9]+|'[^'\\]*')(?:::[a-z0-9_]+)?$re$),
          'NAME', $re$(?:[a-z_][a-z0-9_]*|"[^"\\]*")(?:[.](?:[a-z_][a-z0-9_]*|"[^"\\]*"))*$re$), '~', '[:space:]'), ' ', '[[:space:]]')
     AND s !~ 'where[[:space:]]+(?:true|false|null|default|user|localtime|localtimestamp|system_user|session_user|current_[a-z]+)[[:space:]=<>!]'
     AND s !~ '[^[:space:]][[:space:]]+(?:update|delete|merge|execute)[^a-z0-9_]' THEN
    s := ltrim(translate(s, E'\t\n\r\f\x0b', '     '));
    s := split_part(s, ' ', CASE WHEN s ^@ 'update' THEN 2 ELSE 3 END);
    RETURN CASE WHEN strpos(s, '"') > 0 OR s = 'only' OR s = '' THEN agentroles_guard.target(sql) ELSE split_part(s, '.', -1) END;
  END IF;
  RETURN NULL;
END
$fn$;

-- The plainest of upserts: INSERT INTO ... VALUES ... ON CONFLICT ... DO UPDATE, no parentheses but around lists and (), and so neither a
-- sub-select nor a second verb. NULL for any other text, else its target().
CREATE OR REPLACE FUNCTION agentroles_guard.plainest_upsert(sql text) RETURNS name
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  s text COLLATE "C" := ltrim(lower(sql COLLATE "C"), E' \t\n\r\f\x0b');
BEGIN
  IF s ^@ 'insert' AND s ~ replace(replace(replace(replace(replace(replace($re$^insert +into +NAME(?: +as +[a-z_][a-z0-9_]*)?(?: *NAMES)?$re$
            || $re$ *values *ROW(?: *, *ROW)* *on +conflict(?: *NAMES| +on +constraint +NAME)? *do +update +set +VALUE*[;~]*$$re$,
          'ROW', '[(]VALUE*[)]'), 'NAMES', $re$[(](?:[a-z0-9_,~]|"[^"\\]*")*[)]$re$),
          'VALUE', $re$(?:[a-z0-9_,=<>+*|:~]|[.][a-z0-9_"]|[$][0-9]|-[0-9~]|[(][)]|'[^'\\]*'|"[^"\\]*")$re$),
          'NAME', $re$(?:[a-z_][a-z0-9_]*|"[^"\\]*")(?:[.](?:[a-z_][a-z0-9_]*|"[^"\\]*"))*$re$), '~', '[:space:]'), ' ', '[[:space:]]') THEN
    RETURN agentroles_guard.target(sql);
  END IF;
  RETURN NULL;
END
$fn$;

-- A message of one or several of both, as drivers make of a batch: how many, whether all are upserts, and their targets.
-- Without comments, backslashes and dollar quotes, and where each part has all its quotes, a semicolon between two of them ends a
-- statement. NULL for any other text.
CREATE OR REPLACE FUNCTION agentroles_guard.plainest_of(sql text, OUT verbs integer, OUT listed boolean, OUT targets name[]) RETURNS record
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  part   text;
  target name;
BEGIN
  verbs := 0;
  listed := true;
  targets := ARRAY[]::name[];
  FOREACH part IN ARRAY string_to_array(rtrim(sql, E' \t\n\r\f\x0b;'), ';') LOOP
    target := agentroles_guard.plainest_upsert(part);
    IF target IS NULL THEN
      target := agentroles_guard.plainest(part);
      listed := false;
    END IF;
    IF target IS NULL THEN
      verbs := NULL;
      listed := NULL;
      targets := NULL;
      RETURN;
    END IF;
    verbs := verbs + 1;
    IF target <> ALL (targets) THEN
      targets := targets || target;
    END IF;
  END LOOP;
  listed := listed AND verbs > 0;
END
$fn$;

-- The target() of a text that is plainly in order, else NULL: one UPDATE or DELETE with a WHERE of its own, where each arm of OR
-- compares a column, or a function of one, with something, at its beginning or after AND. Most of what programs send is plain, and found
-- so by a few regular expressions; lex() and judge(), which come to the same, cost ten times as much. Everything else is left to them.
--
-- Strings, quoted names and comments become one character each: ' " blank. OR becomes `. Then parentheses do, from the inside
-- out: ^ if they begin with a column, as the arguments of a function do, } if such comparisons are what they hold, else {.
-- What is left is the statement's own level. Without backslashes and dollar quotes a quote always opens or closes, whatever
-- stands before it, and both readings of the text are one.
CREATE OR REPLACE FUNCTION agentroles_guard.plain(sql text) RETURNS name
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  s     text COLLATE "C" := lower(sql COLLATE "C");
  parts text[];
  level int := 0;
  before text COLLATE "C";
  column_ CONSTANT text := $re$(?:[a-z_][a-z0-9_]*|")(?:[.](?:[a-z_][a-z0-9_]*|"))*$re$;
  -- Words that are values and no columns.
  value CONSTANT text := '(?:true|false|null|default|user|localtime|localtimestamp|system_user|session_user|current_[a-z]+)';
  compared CONSTANT text := '(?:}|' || column_
    || $re$(?:[[:space:]]*(?:[<>!]?=|<>|[<>])[[:space:]]*(?:[a-z_][a-z0-9_.]*[[:space:]]*[-{}^']|[-{}'$0-9])$re$
    || $re$|\^[[:space:]]*(?:[<>!]?=|<>|[<>])[[:space:]]*(?:[a-z_][a-z0-9_.]*[[:space:]]*[{']|[-'$0-9])$re$
    || $re$|\^?[[:space:]]+(?:is|not|in|like|ilike|between)[[:space:]{}^'"$]))$re$;
BEGIN
  IF length(s) > 4000000 THEN
    RETURN NULL;
  END IF;
  IF octet_length(s) > 2000 AND agentroles_guard.plainest(sql) IS NOT NULL THEN     -- admit() has asked for shorter ones
    RETURN agentroles_guard.target(sql);
  END IF;
  IF ltrim(s, E' \t\n\r\f\x0b') ^@ 'insert' THEN        -- an upsert never is
    RETURN NULL;
  END IF;
  IF s ~ $re$['"\\]|--|/[*]|[$](?:[^0-9]|$)$re$ THEN
    IF s ~ $re$\\|[$](?:[^0-9]|$)$re$ THEN
      RETURN NULL;
    END IF;
    s := regexp_replace(s, $re$('[^']*'|"[^"]*")|--[^\n\r]*|/[*](?:[^*/]|[*]+[^*/]|/+[^*/])*[*]+/$re$, '\1 ', 'g');
    IF s !~ $re$^(?:[^'"]|'[^']*'|"[^"']*")*$$re$ THEN      -- a quoted name with a quote in it
      RETURN NULL;
    END IF;
    s := regexp_replace(regexp_replace(s, '''[^'']*''', '''', 'g'), '"[^"]*"', '"', 'g');
  END IF;
  -- One verb in all, here and in sub-selects, and one statement. (Of a nested comment something is left.)
  s := ' ' || rtrim(ltrim(s, E' \t\n\r\f\x0b'), E' \t\n\r\f\x0b;') || ' ';
  IF s ~ '--|/[*]|[*]/|[;^`{}]' OR regexp_count(s, '[^a-z_](?:update|delete|merge|execute)(?![a-z0-9_])') <> 1
     OR s ~ ('[[:space:](]' || value || '(?:[[:space:]]*[=<>!]|[[:space:]]+[inlb])')
     OR s ~ ('=[[:space:]]*[(][[:space:](]*' || column_ || '[[:space:]]*[)]') THEN    -- x = (x)
    RETURN NULL;
  END IF;
  s := regexp_replace(s, '([^a-z_])or([^a-z0-9_])', '\1`\2', 'g');
  IF strpos(s, '(') > 0 THEN
    s := regexp_replace(s, '[(][[:space:]]*(?!' || value || '[[:space:]]*[,)])' || column_ || '[[:space:]]*(?:,[^()`]*)?[)]', '^', 'g');
  END IF;
  WHILE strpos(s, '(') > 0 LOOP
    before := s;
    s := regexp_replace(s, $re$[(](?:[^()`]*[[:space:]{}^'"]and[[:space:]]+|[[:space:]]*)$re$ || compared || '[^()`]*[)]', '}', 'g');
    IF s = before THEN
      s := regexp_replace(s, '[(][^()]*[)]', '{', 'g');
    END IF;
    level := level + 1;
    IF level > 20 THEN
      RETURN NULL;
    END IF;
  END LOOP;
  -- The verb comes first, or behind WITH.
  IF s !~ $re$^ (?:with[[:space:]][a-z0-9_,{}^"[:space:]]*[{}^"[:space:]])?(?:update|delete)[[:space:]]$re$ OR s ~ '[^a-z_](?:select|values|insert)[^a-z0-9_]' THEN
    RETURN NULL;
  END IF;
  parts := string_to_array(s, 'where');
  s := split_part(parts[2], 'returning', 1);
  IF cardinality(parts) = 2 AND parts[1] ~ $re$[[:space:]{}^'"]$$re$ AND s ~ $re$^[[:space:]{}^'"]$re$
    AND parts[1] !~ '(?:[.]|[^a-z0-9_]as)[[:space:]]*$'  -- .where and AS where are labels
    AND s ~ replace($re$^ARM(?:`ARM)*$$re$, 'ARM', $re$(?:(?:[^`]*[[:space:]{}^'"]and[[:space:]]+|[[:space:]]*)$re$ || compared || '[^`]*)') THEN
    RETURN agentroles_guard.target(sql);
  END IF;
  RETURN NULL;
END
$fn$;
