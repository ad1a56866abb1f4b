-- Lexes the whole text in one reading of quotes; NULL when it cannot be well formed in that reading.
-- m = 0: \ escapes in '' and ""; 1: never (NO_BACKSLASH_ESCAPES); 2: in '' only (ANSI_QUOTES).
-- -- followed by anything but white space or a plain character, and a \ outside quotes make it NULL. An executable comment, and a
-- [ (which quotes names where sql_mode is MSSQL), make it '!': in such a text quotes may begin anywhere.
-- Patterns are anchored with \A, not ^: default_regex_flags may be set by any session.
SET sql_mode = 'NO_BACKSLASH_ESCAPES'
//
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.lex(m INT, q LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci) RETURNS LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DETERMINISTIC NO SQL
BEGIN
  DECLARE e, o LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
  SET o = CASE m
    WHEN 0 THEN '('')(?:[^''\\]|\\.)*+''|(")(?:[^"\\]|\\.)*+"'
    WHEN 1 THEN '('')[^'']*+''|(")[^"]*+"'
    ELSE        '('')(?:[^''\\]|\\.)*+''|(")[^"]*+"' END;
  SET o = CONCAT(o, '|(`)[^`]*+`|()/\*(?!M?!).*?\*/|()--(?![\x21-\x3e\x40-\x7e])[^\n]*+|()#[^\n]*+');
  SET e = CONCAT('(?s-i)\A(?:[^''"`\\/#[-]|', o, '|/(?!\*)|-(?!-)|-(?=-[\x21-\x3e\x40-\x7e])|\\N)*+');
  IF LOCATE('[', q) + LOCATE('/*', q) > 0 AND q REGEXP CONCAT(e, '(?:/\*M?!|\[)') THEN RETURN '!'; END IF;
  IF NOT (q REGEXP CONCAT(e, '\z')) THEN RETURN NULL; END IF;
  RETURN REGEXP_REPLACE(q, CONCAT('(?s-i)(?|', o, ')'), ' \1 ');
END
//
-- What is left of the text once quoted things and plain comments are gone.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.bare(m INT, q LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci) RETURNS LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DETERMINISTIC NO SQL
RETURN REGEXP_REPLACE(q, CONCAT('(?s-i)', CASE m
    WHEN 0 THEN '''(?:[^''\\]|\\.)*+''|"(?:[^"\\]|\\.)*+"' WHEN 1 THEN '''[^'']*+''|"[^"]*+"' ELSE '''(?:[^''\\]|\\.)*+''|"[^"]*+"' END,
    '|`[^`]*+`|/\*.*?\*/|--(?=[\x01-\x20]|\z)[^\n]*+|#[^\n]*+'), ' ')
