-- The server's own parser, in each lexical mode a session may have been in when it sent the text: a routine keeps the
-- sql_mode that it was made in. Each returns the normalised text, or NULL when the text is no statement in that mode.
SET sql_mode = ''
//
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.dig_0(q LONGTEXT) RETURNS LONGTEXT DETERMINISTIC NO SQL
BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION RETURN NULL; RETURN STATEMENT_DIGEST_TEXT(q); END
//
SET sql_mode = 'ANSI_QUOTES'
//
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.dig_1(q LONGTEXT) RETURNS LONGTEXT DETERMINISTIC NO SQL
BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION RETURN NULL; RETURN STATEMENT_DIGEST_TEXT(q); END
//
SET sql_mode = 'NO_BACKSLASH_ESCAPES'
//
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.dig_2(q LONGTEXT) RETURNS LONGTEXT DETERMINISTIC NO SQL
BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION RETURN NULL; RETURN STATEMENT_DIGEST_TEXT(q); END
//
SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'
//
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.dig_3(q LONGTEXT) RETURNS LONGTEXT DETERMINISTIC NO SQL
BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION RETURN NULL; RETURN STATEMENT_DIGEST_TEXT(q); END
//
SET sql_mode = ''
//
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.dig(m INT, q LONGTEXT) RETURNS LONGTEXT DETERMINISTIC NO SQL
BEGIN
  CASE m WHEN 0 THEN RETURN agentroles_guard.dig_0(q); WHEN 1 THEN RETURN agentroles_guard.dig_1(q); WHEN 2 THEN RETURN agentroles_guard.dig_2(q); ELSE RETURN agentroles_guard.dig_3(q); END CASE;
END
//
-- The text with every quoted thing and block comment emptied, in lexical mode m.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.bare(m INT, q LONGTEXT) RETURNS LONGTEXT DETERMINISTIC NO SQL
RETURN REGEXP_REPLACE(q, CONCAT(
   IF(m < 2, '''(?:[^''\\\\]|\\\\(?s:.))*+''', '''[^'']*+'''), '|',
   IF(m = 0, '"(?:[^"\\\\]|\\\\(?s:.))*+"', '"[^"]*+"'), '|`[^`]*+`|/\\*(?s:.)*?\\*/'), ' i ')
//
-- The text with another name in the place of each that has a back-tick in it, in lexical mode m: the normalised text does not double one,
-- and what stands behind it would be read as the statement's own. NULL where names cannot be told from what is none.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.unticked(m INT, q LONGTEXT) RETURNS LONGTEXT DETERMINISTIC NO SQL
BEGIN
  DECLARE t, part LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT '';
  DECLARE n INT DEFAULT 0;
  DECLARE others VARCHAR(500) DEFAULT CONCAT('\\A(?:[^''"`\\\\/#\\-]++|',
     IF(m < 2, '''(?:[^''\\\\]++|\\\\(?s:.))*+''', '''[^'']*+'''), '|',
     CASE m WHEN 0 THEN '"(?:[^"\\\\]++|\\\\(?s:.))*+"' WHEN 2 THEN '"[^"]*+"' ELSE '(?:"[^"`]*+")++(?!")' END,
     '|`[^`]*+`(?!`)|/\\*(?![!+])(?s:.)*?\\*/|/\\*\\+[^"`]*?\\*/|(?:#|--(?=[\\x01-\\x20]|\\z))[^\\n]*+|/(?!\\*)|-(?!-)|-(?=-[\\x21-\\x3e\\x40-\\x7e])|\\\\N)*+');
  LOOP
    SET part = IFNULL(REGEXP_SUBSTR(q, others), '');
    SET t = CONCAT(t, part), q = SUBSTR(q, CHAR_LENGTH(part) + 1);
    IF q = '' THEN RETURN t; END IF;
    SET part = REGEXP_SUBSTR(q, CONCAT('\\A(?:(?:`[^`]*+`)++', IF(m IN (1, 3), '|(?:"[^"]*+")++', ''), ')'));
    SET n = n + 1;
    IF part IS NULL OR n > 50 THEN RETURN NULL; END IF;
    SET t = CONCAT(t, '`x`'), q = SUBSTR(q, CHAR_LENGTH(part) + 1);
  END LOOP;
END
//
-- Whether a text that is no statement to the parser here may be one to the session's own in lexical mode m: its functions
-- may have a blank before their parentheses (IGNORE_SPACE), and its letters may be white space. Not if quotes or
-- parentheses stay open, a \ stands outside quotes, or a word follows a string that follows none, or a name where tables
-- are not named any more.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.could_be(m INT, q LONGTEXT) RETURNS INT DETERMINISTIC NO SQL
BEGIN
  DECLARE s, prev LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE quoted VARCHAR(200) DEFAULT CONCAT(
     IF(m < 2, '('')(?:[^''\\\\]++|\\\\(?s:.))*+''', '('')[^'']*+'''), '|',
     IF(m = 0, '(")(?:[^"\\\\]++|\\\\(?s:.))*+"', '(")[^"]*+"'), '|(`)[^`]*+`|/\\*(?s:.)*?\\*/|(?:#|--(?=[\\x01-\\x20]|\\z))[^\\n]*+');
  DECLARE word VARCHAR(1000) DEFAULT '\\s*(?!(?:AND|OR|XOR|NOT|IS|IN|LIKE|BETWEEN|REGEXP|RLIKE|DIV|MOD|COLLATE|WHERE|THEN|ELSE|END|WHEN|AS|AT|FROM|SET|ON|USING|ESCAPE|SOUNDS|MEMBER|TO|FOR|INTO|JOIN|LEFT|RIGHT|INNER|CROSS|STRAIGHT_JOIN|NATURAL|OUTER|HAVING|GROUP|ORDER|ASC|DESC|LIMIT|UNION|INTERSECT|EXCEPT|WITH|SEPARATOR|RETURNING|DEFAULT|ERROR|NULL|ROWS|RANGE|GROUPS|REPLACE|IGNORE|PARTITION|CHARACTER|FIELDS|COLUMNS|LINES|TERMINATED|OPTIONALLY|ENCLOSED|ESCAPED|STARTING|I|(?:\\w+_)?(?:MICROSECOND|SECOND|MINUTE|HOUR|DAY|WEEK|MONTH|QUARTER|YEAR)(?:_\\w+)?)\\b)[A-Z_]';
  -- Executable comments and comments that begin in some charsets: where quotes begin cannot be told.
  IF REGEXP_LIKE(q, '/\\*!|--[^\\x01-\\x3e\\x40-\\x7e]') THEN RETURN 1; END IF;
  IF NOT REGEXP_LIKE(q, CONCAT('\\A(?:[^''"`\\\\/#\\-]++|', quoted, '|/(?!\\*)|-|\\\\N)*+\\z')) THEN RETURN 0; END IF;
  SET s = REPLACE(REGEXP_REPLACE(q, quoted, ' $1$2$3 '), '"', IF(m IN (0, 2), '''', '`'));
  IF REGEXP_LIKE(s, ';\\s*+[^\\s;]') THEN RETURN 0; END IF;
  -- Behind a SELECT a string may have a name.
  REPEAT
    IF REGEXP_LIKE(s, CONCAT('\\((?![^()]*\\bselect\\b)[^()]*''', word, '[^()]*\\)'), 'i') THEN RETURN 0; END IF;
    SET prev = s, s = REGEXP_REPLACE(s, '\\([^()]*+\\)', ' ? ');
  UNTIL s = prev END REPEAT;
  RETURN NOT REGEXP_LIKE(s, '[()]') AND (REGEXP_LIKE(s, '\\bselect\\b', 'i') OR NOT REGEXP_LIKE(s, CONCAT('''', word, '|\\b(?:set|where)\\b(?s:.)*`', word), 'i'));
END
//
-- Where the live top-level WHERE is; 0 if there is none. Cuts the text at each WHERE: the part before must be a whole statement, and must stop
-- being one when a stray ) is added, so the cut is not inside a comment. Only for digests that were too short to tell.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.live_where(m INT, q LONGTEXT) RETURNS INT DETERMINISTIC NO SQL
BEGIN
  DECLARE n INT DEFAULT 1; DECLARE p INT;
  WHILE n <= 12 DO
    SET p = REGEXP_INSTR(q, '(?<=[\\s)`''"])where(?=[\\s(`])', 1, n, 0, 'i');
    IF p = 0 THEN RETURN 0; END IF;
    IF agentroles_guard.dig(m, LEFT(q, p-1)) IS NOT NULL AND agentroles_guard.dig(m, CONCAT(LEFT(q, p-1), ' ) ')) IS NULL THEN RETURN p; END IF;
    SET n = n + 1;
  END WHILE;
  RETURN 0;
END
