-- The lexer.
-- Splits SQL text exactly as scan.l does. Result: one array element per token,
-- first character the kind:
--   w bare word, lower-cased in ASCII only      q quoted identifier
--   s string constant (first 40 chars kept)     n number    p parameter
--   o one operator/punctuation character
-- NULL: PostgreSQL cannot have parsed the text under this reading.
-- bs: standard_conforming_strings = off when the text was parsed. The setting is
-- the agent's and may have changed since, so the caller tries both readings.
--
-- First a regular expression cuts the text into atoms. As far as it goes, strings, quoted names and comments are whole
-- ones, and blanks and comments between two tokens are one. Where something comes whose end no such expression finds (nested
-- comments, dollar quotes with a $ in them, prefixes other than E and U&, strings that go on in the next line) the text is
-- cut again, into words and single characters. In a long text a run of constants in a list, `, 1, 2, 3`, or of rows of them,
-- `,(1,2),(3,4)`, is one atom and gives the tokens of its first.
CREATE OR REPLACE FUNCTION agentroles_guard.lex(sql text, bs boolean) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE AS $fn$
DECLARE
  a    text[];           -- atoms
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
  whole  boolean := true;  -- strings, quoted names and comments are atoms
  -- Word characters are ASCII letters, digits, _ and every non-ASCII character (as scan.l has it: a no-break space is a
  -- letter, not a blank).
  single CONSTANT text := $re$[^\u0001-\u002f\u003a-\u0040\u005b-\u005e\u0060\u007b-\u007f]+|[ \u0009\u000b\u000c]+|.$re$;
  quoted CONSTANT text := CASE WHEN bs THEN $re$'(?:[^'\\]|\\.|'')*'$re$ ELSE $re$'(?:[^']|'')*'$re$ END;
BEGIN
  SELECT array_agg(m[1]) INTO a
    FROM regexp_matches(sql COLLATE "C", CASE WHEN NOT whole THEN single ELSE concat_ws('|', quoted, $re$[eE]'(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*"$re$,
      -- A comment goes as far as its line does: else what looks like another in it would make a longer one.
      $re$(?:[ \u0009-\u000d]+|--[^\n\r]*(?:[\n\r]|$)|/[*](?:[^*/]|[*]+[^*/]|/+[^*/])*[*]+/)+$re$,
      $re$[$](?:[A-Za-z_][A-Za-z_0-9]*)?[$][^$]*[$](?:[A-Za-z_][A-Za-z_0-9]*)?[$]$re$,
      CASE WHEN length(sql) > 2000 THEN replace(replace($re$(?:,[ \n]*ITEM)+|(?:,[ \n]*[(][ \n]*ITEM[ \n]*(?:,[ \n]*ITEM[ \n]*)*[)])+$re$,
        'ITEM', $re$(?:-?[0-9][0-9a-zA-Z_]*(?:[.][0-9a-zA-Z_]+)?|[$][0-9]+|QUOTED|(?:null|NULL|default|DEFAULT|true|false|TRUE|FALSE)(?=[,)])|[a-zA-Z_]+[(][)])$re$),
        'QUOTED', quoted) END, single) END, 'g') m;
  n := coalesce(array_length(a, 1), 0);
  WHILE i <= n LOOP
    c := a[i];
    c2 := left(c, 1);
    IF c2 IN (' ', E'\t', E'\n', E'\r', E'\f', E'\x0b') THEN
      i := i + 1;
    ELSIF ascii(c) NOT BETWEEN 1 AND 64 AND ascii(c) NOT BETWEEN 91 AND 94
          AND ascii(c) <> 96 AND ascii(c) NOT BETWEEN 123 AND 127 AND substr(c, 2, 1) <> '''' THEN
      s := c; i := i + 1;                                      -- word; $ may continue it
      WHILE NOT whole AND i <= n AND (a[i] = '$' OR (a[i-1] = '$' AND ascii(a[i]) > 47 AND ascii(a[i]) NOT BETWEEN 58 AND 64
            AND ascii(a[i]) NOT BETWEEN 91 AND 94 AND ascii(a[i]) <> 96 AND ascii(a[i]) NOT BETWEEN 123 AND 127)) LOOP
        s := s || a[i]; i := i + 1;
      END LOOP;
      nt := nt + 1; tok[nt] := 'w' || lower(s COLLATE "C"); wend := i;
    ELSIF ascii(c) BETWEEN 48 AND 57 THEN                      -- number
      nt := nt + 1; tok[nt] := 'n' || c; i := i + 1;
      IF a[i] = '.' AND a[i+1] IS DISTINCT FROM '.' THEN       -- 1.5, and 1. alone
        tok[nt] := tok[nt] || '.'; i := i + 1;
        IF ascii(coalesce(a[i], ' ')) BETWEEN 48 AND 57 THEN tok[nt] := tok[nt] || a[i]; i := i + 1; END IF;
      END IF;
    ELSIF whole AND (c2 IN ('''', '"', '$') OR length(c) > 1 AND (c2 IN ('-', '/', ',') OR c2 IN ('e', 'E') AND substr(c, 2, 1) = '''')
                     OR c = '/' AND a[i+1] = '*') THEN
      CASE
        WHEN c2 IN ('-', '/') AND length(c) > 1 THEN
          NULL;                                                -- a comment
        WHEN c2 = ',' THEN
          s := ltrim(substr(c, 2), E' \n');
          nt := nt + 1; tok[nt] := 'o,';
          IF left(s, 1) = '(' THEN nt := nt + 1; tok[nt] := 'o('; END IF;
          c2 := left(ltrim(s, E'( \n'), 1);
          nt := nt + 1; tok[nt] := CASE c2 WHEN '''' THEN 's' WHEN '$' THEN 'p' ELSE 'n' || c2 END;
          IF left(s, 1) = '(' THEN nt := nt + 1; tok[nt] := 'o)'; END IF;
        WHEN c2 = '"' AND length(c) > 1 AND NOT (wend = i - 1 AND nt > 1 AND tok[nt] = 'o&') THEN
          nt := nt + 1; tok[nt] := 'q' || replace(substr(c, 2, length(c) - 2), '""', '"');
        WHEN c2 = '$' AND length(c) > 1 AND wend < i AND substring(c FROM '^[$][^$]*[$]') = substring(c FROM '[$][^$]*[$]$') THEN
          nt := nt + 1; tok[nt] := 's$';
        WHEN c2 = '''' AND length(c) > 1 AND wend = i - 1 AND nt > 1 AND tok[nt] = 'o&' AND tok[nt-1] = 'wu' AND NOT bs THEN
          nt := nt - 1; tok[nt] := 's' || left(replace(substr(left(c, -1), 2, 100), '''''', ''''), 40);
        WHEN c = '$' AND wend < i AND coalesce(a[i+1] COLLATE "C" ~ '^[0-9]+$', false) THEN
          i := i + 1;
          nt := nt + 1; tok[nt] := 'p' || a[i];
        WHEN length(c) > 1 AND c2 NOT IN ('"', '$') AND wend < i AND NOT (nt > 0 AND (left(tok[nt], 1) = 's' OR wend = i - 1 AND tok[nt] = 'o&')) THEN
          s := left(left(c, -1), 100);
          nt := nt + 1; tok[nt] := 's' || left(replace(substr(s, CASE c2 WHEN '''' THEN 2 ELSE 3 END), '''''', ''''), 40);
        ELSE                                                   -- begin again
          whole := false;
          SELECT array_agg(m[1]) INTO a FROM regexp_matches(sql COLLATE "C", single, 'g') m;
          n := coalesce(array_length(a, 1), 0);
          i := 0; nt := 0; wend := 0;
      END CASE;
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
        IF length(s) < 40 AND (c <> '''' OR dbl AND a[i+1] = '''') THEN
          s := s || left(c, 40);                               -- no array slices here: each would copy the array
        END IF;
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
    ELSE
      nt := nt + 1; tok[nt] := 'o' || c; i := i + 1;
    END IF;
  END LOOP;
  RETURN tok[1:nt];
END
$fn$;
