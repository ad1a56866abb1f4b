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
