-- A normalised text with names as i, constants as ?, called functions as F, columns as `, and every parenthesis as what is in it: a
-- column or none. What stands where an operator or a parenthesis wants its operand is a column, be it a name or one of the words that
-- may be names; a word of the grammar (COLLATE x, INTERVAL 1 DAY, {d '...'}, AS SIGNED, an alias) stands elsewhere, behind an operand.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.flat(d LONGTEXT) RETURNS LONGTEXT DETERMINISTIC NO SQL
BEGIN
  DECLARE s, prev LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT d;
  SET s = REGEXP_REPLACE(s, '`[^`]*(?:`|\\z)', '`n`');                    -- what a name says is no part of what stands around it
  SET s = REGEXP_REPLACE(s, '@@ ?(?:[A-Z_]+ \\. )?(?:`n`|[A-Z_]+)(?: \\. (?:`n`|[A-Z_]+))?|@`n`|/\\*.*?(?:\\*/|\\z)', ' ? ');   -- variables, hints and the "/* , ... */" of collapsed lists
  SET s = REGEXP_REPLACE(s, '(?:`n` \\. )*`n` \\(', 'F (');
  SET s = REPLACE(s, '`n`', 'i');
  -- Units and formats that are no operand where one is wanted, and what is written {d '...'}.
  SET s = REGEXP_REPLACE(s, '(?<=\\b(?:TIMESTAMPADD|TIMESTAMPDIFF|GET_FORMAT) \\( )[A-Z_]+|\\{ (?:i|[A-Z_]+)', ' ? ', 1, 0, 'c');
  SET s = REGEXP_REPLACE(s, '\\b(?!(?:AGAINST|ALL|AND|ANY|AS|BETWEEN|BINARY|BY|CASE|CONVERT|DEFAULT|DELETE|DISTINCT|DIV|ELSE|EXCEPT|EXISTS|F|FROM|HAVING|IN|INTERSECT|INTERVAL|INTO|IS|JOIN|LATERAL|LIKE|LIMIT|MOD|NOT|OF|OFFSET|ON|OR|OVER|PARTITION|RECURSIVE|REGEXP|RLIKE|SELECT|SET|SOME|STRAIGHT_JOIN|TABLE|THEN|UNION|UPDATE|USING|VALUE|VALUES|WHEN|WHERE|WITH|XOR)\\b)[A-Z][A-Z_0-9]* \\(', 'F (', 1, 0, 'c');
  SET s = REGEXP_REPLACE(s, '((?:[(,=<>!~+*/%&|^\\-]|\\b(?:AND|BETWEEN|BINARY|CASE|DIV|DISTINCT|ELSE|FROM|HAVING|IN|INTERVAL|LIKE|MATCH|MOD|NOT|OR|REGEXP|RLIKE|THEN|WHEN|WHERE|XOR)) )(?!(?:ALL|ANY|BETWEEN|BINARY|BOOLEAN MODE|BOTH|CASE|CURDATE|CURRENT_USER|CURTIME|DISTINCT|DUAL|EXISTS|FALSE|FIRST (?:OVER|RESPECT)|FROM|IN|INTERVAL|LATERAL|LEADING|LIKE|NATURAL LANGUAGE|NOT|NOW|NULL|ORDER|PARTITION|RANGE|REGEXP|RLIKE|ROWS|SELECT|SHARE MODE|SOME|TABLE|TRAILING|TRUE|UNKNOWN|UTC_DATE|UTC_TIME|UTC_TIMESTAMP|VALUES|WHEN|WITH|UNBOUNDED (?:PRECEDING|FOLLOWING)|CURRENT ROW|(?:SQL_TSI_)?(?:MICROSECOND|SECOND|MINUTE|HOUR|DAY|WEEK|MONTH|QUARTER|YEAR)(?:_[A-Z]+)? FROM)\\b)(?:i|[A-Z][A-Z_0-9]*)\\b(?! [(?]| AS \\()', '$1`', 1, 0, 'c');
  -- A list of names, of a CTE or behind what is in parentheses, is no operand.
  SET s = REGEXP_REPLACE(s, 'F \\([^()]*\\)(?= AS \\()|(?<=\\))( AS)? F \\([^()]*\\)', '$1 ? ', 1, 0, 'c');
  REPEAT
    SET prev = s;
    -- Nor is the type that ends a CONVERT; DEFAULT(c), VALUES(c) and a window look at no row of the table.
    SET s = REGEXP_REPLACE(s, '\\bCONVERT \\(([^()]*),[^(),]*\\)', 'F ($1)', 1, 0, 'c');
    SET s = REGEXP_REPLACE(s, '\\b(DEFAULT|OVER|VALUES|(?:i|[A-Z][A-Z_0-9]*) AS) \\((?! (?:SELECT|TABLE|VALUES|WITH)\\b)[^()]*\\)', '$1 ? ', 1, 0, 'c');
    SET s = REGEXP_REPLACE(s, '\\([^()`]*`[^()]*\\)', ' ` ');
    SET s = REGEXP_REPLACE(s, '\\([^()`]*\\)', ' ? ');
  UNTIL s = prev END REPEAT;
  SET s = SUBSTRING_INDEX(s, '(', 1);                                     -- an open ( means the digest was cut inside it
  RETURN CONCAT(TRIM(REGEXP_REPLACE(s, '\\s+', ' ')), ' ');
END
//
-- Whether a flat text from its WHERE on looks at a column.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.looks(f LONGTEXT) RETURNS INT DETERMINISTIC NO SQL
RETURN LOCATE('`', REGEXP_REPLACE(f, ' (ORDER BY|LIMIT) .*$', ' ', 1, 1, 'c')) > 0
//
-- Verdict on one normalised text.
--  1 read, or insert that overwrites nothing   2 DELETE, REPLACE: looked at once a row   3 UPDATE, ON DUPLICATE KEY UPDATE: twice
-- -1 no WHERE   -2 WHERE names no column   -3 overwrite fed by a query   -4 not recognised   -9 the raw text is needed
-- NULL not a statement. q is the raw text if it is at hand; a digest may have been cut.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.verdict(m INT, d LONGTEXT, q LONGTEXT) RETURNS INT DETERMINISTIC NO SQL
BEGIN
  DECLARE s, w LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE p INT;
  -- Whether it may have been cut off: before the first token that does not fit, so an alias of 256 letters (772 bytes) is missing from one that
  -- has room for all the rest. Of what is kept 9 bytes are at least 7 here (@`v` -).
  DECLARE maycut INT DEFAULT (LENGTH(d) >= LEAST(189, (CAST(IF(q IS NULL, LEAST(@@global.max_digest_length, @@global.performance_schema_max_digest_length), @@global.max_digest_length) AS SIGNED) - 772) * 3 DIV 4));
  IF d IS NULL OR d = '' THEN RETURN NULL; END IF;
  SET s = d;
  IF s LIKE 'EXECUTE %' THEN SET s = SUBSTR(s, 9); END IF;
  IF s LIKE 'SELECT %' THEN RETURN 1; END IF;
  -- Names of columns in a query, and those in hints, have any length: what stands behind one may be missing whatever is here.
  IF s LIKE 'INSERT %' AND (LOCATE(' SELECT ', s) > 0 OR LOCATE(' WITH ', s) > 0 OR LOCATE('/*+', s) > 0) THEN SET maycut = 1; END IF;
  IF NOT maycut AND q IS NULL AND s LIKE 'INSERT %' AND LOCATE(' ON DUPLICATE KEY ', s) = 0 THEN RETURN 1; END IF;
  -- the plain forms; each regular expression is compiled anew whenever it is met
  IF s LIKE 'UPDATE %' OR s LIKE 'DELETE %' THEN
    SET s = REGEXP_REPLACE(s, '`[^`]*`', 'i');
    IF LOCATE('(', s) > 0 THEN SET s = REPLACE(REPLACE(REGEXP_REPLACE(s, '\\bi \\((?:\\.\\.\\.|\\?)\\)', '?', 1, 0, 'c'), '(...)', '?'), '(?)', '?'); END IF;
    IF LOCATE('(', s) + LOCATE('@', s) + LOCATE('{', s) + LOCATE('/*', s) + LOCATE(' COLLATE ', s) = 0 THEN
      IF LOCATE(' WHERE ', s) = 0 THEN
        IF NOT maycut THEN RETURN -1; END IF;
      ELSE
        SET w = SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTR(s, LOCATE(' WHERE ', s) + 7), ' ORDER BY ', 1), ' LIMIT ', 1);
        IF LOCATE('i', w) > 0 THEN RETURN IF(s LIKE 'UPDATE %', 3, 2); END IF;
      END IF;
    END IF;
  END IF;
  SET s = agentroles_guard.flat(d);
  IF REGEXP_LIKE(s, '^EXECUTE [i?`]', 'c') THEN RETURN IF(q IS NULL, -9, -4); END IF;   -- EXECUTE of a name: 8.0 does not show what runs
  SET s = REGEXP_REPLACE(s, '^(?:EXECUTE|EXPLAIN|DESCRIBE|DESC|ANALYZE|EXTENDED|PARTITIONS|FORMAT = [^ ]+|FOR (?:SCHEMA|DATABASE) [^ ]+|\\? (?=[A-Z]))(?: (?:EXPLAIN|DESCRIBE|DESC|ANALYZE|EXTENDED|PARTITIONS|FORMAT = [^ ]+|FOR (?:SCHEMA|DATABASE) [^ ]+))* ', '', 1, 1, 'c');
  IF REGEXP_LIKE(s, '^WITH ', 'c') THEN
    SET k = REGEXP_SUBSTR(s, '\\b(SELECT|UPDATE|DELETE|TABLE|VALUES)\\b', 1, 1, 'c');
    IF k IS NULL THEN RETURN IF(q IS NULL, -9, -4); END IF;
    SET s = SUBSTR(s, REGEXP_INSTR(s, '\\b(SELECT|UPDATE|DELETE|TABLE|VALUES)\\b', 1, 1, 0, 'c'));
  END IF;
  SET k = REGEXP_SUBSTR(s, '^[A-Z]+', 1, 1, 'c');
  CASE
  WHEN k IN ('SELECT','TABLE','VALUES') OR REGEXP_LIKE(s, '^[`?] ') THEN RETURN 1;
  WHEN k IN ('DO','SET','CALL','SHOW','CREATE') THEN RETURN IF(q IS NULL, -9, 1);
  WHEN k IN ('UPDATE','DELETE') THEN
    SET w = REGEXP_SUBSTR(s, ' WHERE .*$', 1, 1, 'c');
    IF maycut AND IFNULL(NOT agentroles_guard.looks(w), 1) THEN
      -- Cut before the WHERE, or before its first column: the condition by itself, from the raw text.
      IF q IS NULL THEN RETURN -9; END IF;
      SET p = agentroles_guard.live_where(m, q);
      SET w = IF(p = 0, NULL,
                 REGEXP_SUBSTR(agentroles_guard.flat(agentroles_guard.dig(m, CONCAT('DELETE FROM t WHERE ', SUBSTR(q, p + 5)))), ' WHERE .*$', 1, 1, 'c'));
    END IF;
    IF w IS NULL THEN RETURN -1; END IF;
    IF NOT agentroles_guard.looks(w) THEN RETURN -2; END IF;
    RETURN IF(k = 'UPDATE', 3, 2);
  WHEN k IN ('INSERT','REPLACE') THEN
    IF k = 'INSERT' AND NOT REGEXP_LIKE(s, ' ON DUPLICATE KEY UPDATE ', 'c') THEN
      IF q IS NULL THEN RETURN IF(maycut, -9, 1); END IF;
      IF NOT REGEXP_LIKE(q, 'duplicate', 'i') THEN RETURN 1; END IF;
      -- A word of a string here may be the statement's own in the reading that is the client's: so its rows are counted.
      IF NOT maycut THEN RETURN 3; END IF;
    END IF;
    SET w = SUBSTRING_INDEX(s, ' ON DUPLICATE KEY UPDATE ', 1);
    IF NOT REGEXP_LIKE(w, ' (SELECT|TABLE|UNION|EXCEPT|INTERSECT) ', 'c') AND (REGEXP_LIKE(w, '^(?:INSERT|REPLACE)(?: (?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|\\?))*+(?: INTO)?+ [^ ]+(?: [i?.F`]| PARTITION)*+ (?:VALUES|VALUE|SET) ', 'c')
        OR (maycut AND q IS NOT NULL AND REGEXP_LIKE(agentroles_guard.bare(m, q), '^\\s*(insert|replace)\\b[^()]*\\([^()]*\\)\\s*values?\\s*\\(', 'i')))
    THEN RETURN IF(k = 'INSERT', 3, 2); END IF;
    RETURN IF(maycut AND q IS NULL, -9, -3);
  WHEN k = 'LOAD' THEN RETURN CASE WHEN REGEXP_LIKE(s, ' REPLACE ', 'c') THEN -3 WHEN REGEXP_LIKE(q, 'replace', 'i') THEN 2 ELSE 1 END;
  ELSE RETURN IF(q IS NULL, -9, -4);
  END CASE;
END
//
-- Verdict on raw text whose lexical mode and client charset are not known: every reading in which it is a statement must
-- pass. There may even be two modes in one text: the server writes bound values into that of a prepared statement, quoted
-- as the session is when it runs; the rest was read when it was prepared. So each \' is tried both ways, as the end of a
-- string and as none. Most can be no end: what follows would leave a \ outside quotes, or a quote open.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.judge(q LONGTEXT) RETURNS INT DETERMINISTIC NO SQL
BEGIN
  DECLARE v, r INT DEFAULT NULL; DECLARE m, top, i, k, mask, p, named, nameless INT DEFAULT 0; DECLARE t, u LONGTEXT; DECLARE extents LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; DECLARE spots VARCHAR(100) DEFAULT ''; DECLARE unread VARCHAR(4); DECLARE ticks INT DEFAULT IFNULL(LOCATE('``', q) > 0 OR (LOCATE('`', q) > 0 AND LOCATE('"', q) > 0), 0); DECLARE doubt INT DEFAULT IFNULL(REGEXP_LIKE(q, '--[^\\x01-\\x3e\\x40-\\x7e]'), 0);
  DECLARE odd VARCHAR(50) DEFAULT '(?-i)(?<!\\\\)(\\\\(?:\\\\\\\\)*+)''';
  DECLARE plain VARCHAR(400) DEFAULT '(?:[^''"`\\\\#/\\-]++|"[^"\\\\]*+"|(?<![^\\x01-\\x3e\\x40-\\x7f])`[ -\\[\\]-_a-~]*+`|/(?!\\*)|/\\*(?![!+])(?s:.*?)\\*/|-(?!-)|-(?=-[\\x21-\\x3e\\x40-\\x7e])|(?:#|--(?=[\\x01-\\x20]))[^\\n]*+\\n)*+';
  DECLARE noend VARCHAR(1000) DEFAULT CONCAT(plain, '(?:''(?:[^''\\\\]++|\\\\[^''\\\\])*+''', plain, ')*+(?:(?<![^\\x01-\\x3e\\x40-\\x7f])\\\\(?!N)|''[^'']*+\\z|"[^"]*+\\z)');
  IF q IS NULL OR q = '' THEN RETURN -5; END IF;
  -- The server ends it after 64 KiB, and some put a ? in the place of four bytes.
  IF LENGTH(q) + 3 * (LENGTH(q) - LENGTH(REPLACE(q, '?', ''))) >= 65000 THEN RETURN -6; END IF;
  IF LOCATE('\\', q) > 0 OR LOCATE('"', q) > 0 THEN SET top = 3; END IF;
  -- a byte above 0x7F (shown as itself or as ?) may swallow a following \ or ` in gbk, big5, sjis ...: try it both ways
  SET p = 0;
  spot: LOOP
    SET p = REGEXP_INSTR(q, CONCAT('[^\\x01-\\x3e\\x40-\\x7f](?=`|\\\\+[''"`])', IF(top = 0, '', CONCAT('|', odd, '(?!', noend, ')'))), p+1);
    IF p = 0 THEN LEAVE spot; END IF;
    SET k = k + 1, spots = CONCAT(spots, LPAD(p, 6, '0'));
    -- once it has swallowed the first of two
    IF REGEXP_LIKE(SUBSTR(q, p), '\\A[^\\\\](?:\\\\\\\\)+''') THEN SET k = k + 1, spots = CONCAT(spots, LPAD(p+2, 6, '0')); END IF;
    IF k > 6 THEN RETURN -8; END IF;
  END LOOP;
  WHILE mask < (1 << k) DO
    SET t = q, i = 0;
    WHILE i < k DO
      SET p = SUBSTR(spots, 1+6*i, 6);
      IF mask & (1 << i) AND SUBSTR(q, p, 1) <> '\\' THEN SET t = INSERT(t, p, 2, 'z_'); END IF;
      SET i = i + 1;
    END WHILE;
    IF top > 0 THEN SET t = REGEXP_REPLACE(t, CONCAT(odd, '(?=', noend, ')'), '$1_'); END IF;
    WHILE i > 0 DO
      SET i = i - 1, p = SUBSTR(spots, 1+6*i, 6);
      IF REGEXP_LIKE(SUBSTR(t, p), '\\A\\\\(?:\\\\\\\\)*+''') THEN SET t = INSERT(t, IF(mask & (1 << i), p, LOCATE('''', t, p)), 1, '_'); END IF;
    END WHILE;
    SET m = 0, unread = '', named = 0, nameless = 0;
    WHILE m <= top DO
      SET u = t;
      IF doubt THEN                                                    -- a comment start in some charsets
        IF agentroles_guard.dig(m, REGEXP_REPLACE(t, '--(?=[^\\x01-\\x3e\\x40-\\x7e])', '-- ')) IS NOT NULL AND REGEXP_LIKE(agentroles_guard.bare(m, t), '--[^\\x01-\\x3e\\x40-\\x7e]') THEN RETURN -4; END IF;
      END IF;
      IF ticks THEN
        SET u = agentroles_guard.unticked(m, t);
        IF u IS NULL AND COALESCE(agentroles_guard.dig(m, t), agentroles_guard.dig(m, REPLACE(t, '?', ' 0 '))) IS NOT NULL THEN RETURN -7; END IF;
      END IF;
      SET v = agentroles_guard.verdict(m, agentroles_guard.dig(m, u), u);
      IF v IS NULL AND LOCATE('?', u) > 0 THEN SET u = REPLACE(u, '?', ' 0 '), v = agentroles_guard.verdict(m, agentroles_guard.dig(m, u), u); END IF;  -- markers stay when no log is open
      IF v IS NULL THEN
        SET unread = CONCAT(unread, m);
      ELSE
        -- A string here may be a column in double quotes: where they are read so, it must be one.
        IF v < 0 AND (v <> -2 OR LOCATE('"', q) = 0) THEN RETURN v; END IF;
        IF v = -2 THEN SET nameless = 1; ELSEIF v > 0 THEN SET named = 1; END IF;
        -- Of a DELETE and an UPDATE the first is counted the more strictly.
        IF r IS NULL OR v = 2 OR (v > r AND r <> 2) THEN SET r = v; END IF;
      END IF;
      SET m = m + 1;
    END WHILE;
    IF nameless AND NOT named THEN RETURN -2; END IF;
    -- None is left out that the session's own parser may be able to read, unless its quotes reach as far as those of one
    -- that was read.
    SET m = IF(unread = '', top + 1, 0);
    WHILE m <= top DO
      IF LOCATE(m, unread) > 0 THEN
        SET i = 0, extents = agentroles_guard.bare(m, t);
        WHILE i <= top AND (LOCATE(i, unread) > 0 OR extents <> agentroles_guard.bare(i, t) COLLATE utf8mb4_bin) DO SET i = i + 1; END WHILE;
        IF i > top AND agentroles_guard.could_be(m, t) THEN RETURN -4; END IF;
      END IF;
      SET m = m + 1;
    END WHILE;
    SET mask = mask + 1;
  END WHILE;
  RETURN IFNULL(r, -4);
END
