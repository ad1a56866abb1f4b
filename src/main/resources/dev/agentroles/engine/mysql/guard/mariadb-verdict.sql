-- Verdict on the text in one reading.
--  1 read or plain insert   2 UPDATE   3 DELETE   4 REPLACE   5 ON DUPLICATE KEY UPDATE
-- -1 no WHERE   -2 WHERE names no column   -3 overwrite fed by a query   -4 not recognised   NULL not well formed
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.verdict(m INT, q LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci) RETURNS INT DETERMINISTIC NO SQL
BEGIN
  DECLARE s, prev, w LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT agentroles_guard.lex(m, q); DECLARE k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
  DECLARE query INT DEFAULT s REGEXP '\A\s*\(';
  IF s IS NULL THEN RETURN NULL; END IF;
  IF s = '!' THEN RETURN -4; END IF;
  -- Starts a comment in some charsets. Before anything that leaves a reading out: what comes behind may be the statement's own.
  IF q REGEXP '--[^\x01-\x3e\x40-\x7e]' AND agentroles_guard.bare(m, q) REGEXP '--[^\x01-\x3e\x40-\x7e]' THEN RETURN -4; END IF;
  SET s = REPLACE(s, '"', IF(m = 0, '?', 'i'));
  SET s = REPLACE(s, '`', ' i ');
  -- Constants that are written with a word.
  SET s = REGEXP_REPLACE(s, '(?i)\b(?:_\w+\s+)?(?:[bxn]|_\w+|date|time|timestamp)\s+''', ' '' ');
  SET s = REGEXP_REPLACE(s, '(?-i)(?<![\w$.\x{80}-\x{10ffff}])(?:0x[0-9a-fA-F]+|0b[01]+)(?![\w$\x{80}-\x{10ffff}])|(?<![\w$.\x{80}-\x{10ffff}])(?:[0-9]+\.[0-9]*(?:[eE][-+]?[0-9]+)?|\.?[0-9]+[eE][-+]?[0-9]+|\.[0-9]+)|(?<![\w$\x{80}-\x{10ffff}])(?:\.\s*)?[0-9]+(?:[eE][-+]?[0-9]+)?(?![\w$\x{80}-\x{10ffff}])', ' ? ');
  SET s = REGEXP_REPLACE(s, '(?i)[\w$?\x{80}-\x{10ffff}]+\s*%\s*(?:isopen|found|notfound|rowcount)\b', ' ? ');                           -- of a cursor
  SET s = REGEXP_REPLACE(s, '(?-i)@+\s*[\w$.\x{80}-\x{10ffff}]*', ' ? ');                                  -- user and system variables
  SET s = REGEXP_REPLACE(s, '(?-i)\s*\.\s*[\w$\x{80}-\x{10ffff}]+', '.i ');                                 -- after a dot even WHERE is a name
  SET s = REGEXP_REPLACE(s, '(?-i)[\w$\x{80}-\x{10ffff}]*[$\x{80}-\x{10ffff}][\w$\x{80}-\x{10ffff}]*', 'i'); -- names that are no keyword
  -- Units and formats that are no operand where one is wanted, and what is written {d '...'}.
  SET s = REGEXP_REPLACE(s, '(?i)\b(?:timestampadd|timestampdiff|get_format)\s*\(\s*\K\w+|\{\s*\w+', ' ? ');
  SET s = REGEXP_REPLACE(s, '(?i)\b(?!(?:in|and|or|xor|not|is|values|value|where|set|exists|when|then|else|like|between|regexp|rlike|div|mod|from|join|on|using|select|by|limit|any|all|some|as|into|over|table|returning|convert|default|f|i)\b)[a-z_]\w*(?:\.i\s*)*\s*\(', ' F (');   -- a called function is no column
  -- What stands where an operator or a parenthesis wants its operand is a column. A word of the grammar (COLLATE x, INTERVAL 1 DAY, AS
  -- SIGNED, an alias) stands elsewhere, behind an operand.
  SET s = REGEXP_REPLACE(s, '(?i)([(,=<>!~+*/%&|^-]|\b(?:and|between|binary|case|div|distinct|else|from|having|in|interval|like|match|mod|not|or|regexp|rlike|then|when|where|xor)\b)\s*+(?!(?:all|any|between|binary|boolean\s+mode|both|case|current_(?:date|role|time|timestamp|user)|distinct|dual|exists|false|from|in|interval|lateral|leading|like|localtime|localtimestamp|natural\s+language|not|null|order|partition|range|regexp|rlike|rownum|rows|select|share\s+mode|some|sqlcode|sqlerrm|sysdate|table|trailing|true|unknown|utc_(?:date|time|timestamp)|values|when|with|unbounded\s+(?:preceding|following)|current\s+row|(?:next|previous)\s+value\s+for|(?:sql_tsi_)?(?:microsecond|second|minute|hour|day|week|month|quarter|year)(?:_\w+)?\s+from)\b)\w++(?:\.i)*+(?!\s*(?:[(''?]|as\s*\())', '\1 ` ');
  -- A list of names, of a CTE or behind what is in parentheses, is no operand.
  SET s = REGEXP_REPLACE(s, '(?i)\b[fi]\s*\([^()]*\)(?=\s*as\s*\()|\)(?:\s*as\b)?\K\s*[fi]\s*\([^()]*\)', ' ? ');
  REPEAT
    SET prev = s;
    -- Nor is the type that ends a CONVERT; DEFAULT(c), VALUES(c) and a window look at no row of the table.
    SET s = REGEXP_REPLACE(s, '(?i)\bconvert\s*\(([^()]*),[^(),]*\)', 'F (\1)');
    SET s = REGEXP_REPLACE(s, '(?i)\b(?:default|over|values?|\w+\s+as)\b\K\s*\((?!\s*(?:select|table|values|with)\b)[^()]*\)', ' ? ');
    SET s = REGEXP_REPLACE(s, '\([^()`]*`[^()]*\)', ' ` ');
    SET s = REGEXP_REPLACE(s, '\([^()`]*\)', ' ? ');
  UNTIL CAST(s AS BINARY) = CAST(prev AS BINARY) END REPEAT;
  IF s REGEXP '[()]' THEN RETURN NULL; END IF;
  SET s = CONCAT(UPPER(TRIM(REGEXP_REPLACE(REGEXP_REPLACE(s, ';\s*$', ''), '\s+', ' '))), ' ');
  IF LOCATE(';', s) > 0 THEN RETURN -4; END IF;
  SET s = REGEXP_REPLACE(s, '^(?:SET STATEMENT .*? FOR )+', '');
  SET s = REGEXP_REPLACE(s, '^(?:(?:EXPLAIN|DESCRIBE|DESC|ANALYZE|EXTENDED|PARTITIONS|FORMAT ?= ?\S+) )+', '');
  IF s REGEXP '^WITH ' THEN
    IF NOT (s REGEXP ' (SELECT|UPDATE|DELETE|TABLE|VALUES) ') THEN RETURN -4; END IF;
    SET s = SUBSTR(s, REGEXP_INSTR(s, ' (SELECT|UPDATE|DELETE|TABLE|VALUES) ') + 1);
  END IF;
  SET k = REGEXP_SUBSTR(s, '^[A-Z]+');
  IF k IN ('UPDATE','DELETE') THEN
    SET s = CONCAT(REGEXP_REPLACE(s, ' (RETURNING|ORDER BY|LIMIT) .*$', ' '), ' ');
    -- outside parentheses a string is never followed by a bare name: such a reading is not the server's
    IF NOT (s REGEXP '\b(SYSTEM_TIME|PORTION)\b') AND s REGEXP '''\s*(?!(?:AND|OR|XOR|NOT|IS|IN|LIKE|BETWEEN|REGEXP|RLIKE|DIV|MOD|COLLATE|WHERE|THEN|ELSE|END|WHEN|AS|FROM|SET|ON|USING|ESCAPE|SOUNDS|MEMBER|TO|FOR|INTO|JOIN|LEFT|RIGHT|INNER|CROSS|STRAIGHT_JOIN|NATURAL|OUTER|HAVING|GROUP|UNION|INTERSECT|EXCEPT|PROCEDURE|I|F|(?:\w+_)?(?:MICROSECOND|SECOND|MINUTE|HOUR|DAY|WEEK|MONTH|QUARTER|YEAR)(?:_\w+)?)\b)[A-Z_]' THEN RETURN NULL; END IF;
  END IF;
  CASE
  -- A SET STATEMENT whose end is not found.
  WHEN k = 'SET' AND q REGEXP '(?i)statement' THEN RETURN -4;
  WHEN query OR k IN ('SELECT','TABLE','VALUES','DO','SET','CALL','SHOW','CREATE') THEN RETURN 1;
  WHEN k IN ('UPDATE','DELETE') THEN
    SET w = REGEXP_SUBSTR(s, ' WHERE .*$');
    IF w = '' THEN RETURN -1; END IF;
    IF LOCATE('`', w) = 0 THEN RETURN -2; END IF;
    RETURN IF(k = 'UPDATE', 2, 3);
  WHEN k IN ('INSERT','REPLACE') THEN
    IF k = 'INSERT' AND NOT (s REGEXP '\bON DUPLICATE KEY UPDATE\b') THEN RETURN 1; END IF;
    SET w = REGEXP_REPLACE(s, '\bON DUPLICATE KEY UPDATE\b.*$', ' ');
    IF NOT (w REGEXP '\A(?:INSERT|REPLACE)(?: (?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE))*+(?: INTO)?+ \S+(?: (?:[?F`]|\.I))*+ (?:VALUES|VALUE|SET)\b') OR w REGEXP '\b(SELECT|TABLE|UNION|EXCEPT|INTERSECT)\b' THEN RETURN -3; END IF;
    RETURN IF(k = 'INSERT', 5, 4);
  WHEN k = 'LOAD' THEN RETURN IF(s REGEXP '\bREPLACE\b', -3, 1);
  ELSE RETURN -4;
  END CASE;
END
//
-- Every reading in which the text is well formed must pass: the session's sql_mode and client charset cannot be seen from
-- here. There may even be two of a sql_mode in one text: the server writes bound values into that of a prepared statement,
-- and variables into that of a block's, quoted as the session is when it runs; the rest was read when it was prepared. So
-- each \' is tried both ways, as the end of a string and as none. Most can be no end: what follows would leave a \ outside
-- quotes, or a quote open.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.judge(q LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci) RETURNS INT DETERMINISTIC NO SQL
BEGIN
  DECLARE v, r INT DEFAULT NULL; DECLARE m, top, i, k, mask, p, b, named, nameless INT DEFAULT 0; DECLARE t LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci; DECLARE spots VARCHAR(100) DEFAULT '';
  DECLARE odd VARCHAR(50) DEFAULT '(?-i)(?<!\\)(\\(?:\\\\)*+)''';
  DECLARE plain VARCHAR(400) DEFAULT '(?:[^''"`\\#/\-]++|"[^"\\]*+"|(?<![^\x01-\x3e\x40-\x7f])`[ -\[\]-_a-~]*+`|/(?!\*)|/\*(?!M?!)(?s:.*?)\*/|-(?!-)|-(?=-[\x21-\x3e\x40-\x7e])|(?:#|--(?=[\x01-\x20]))[^\n]*+\n)*+';
  DECLARE noend VARCHAR(1000) DEFAULT CONCAT(plain, '(?:''(?:[^''\\]++|\\[^''\\])*+''', plain, ')*+(?:(?<![^\x01-\x3e\x40-\x7f])\\(?!N)|''[^'']*+\z|"[^"]*+\z)');
  IF q IS NULL OR q = '' THEN RETURN -5; END IF;
  IF LENGTH(q) >= 65000 THEN RETURN -6; END IF;
  IF LOCATE('\', q) > 0 OR LOCATE('"', q) > 0 THEN SET top = 2; END IF;
  -- a byte above 0x7F (shown as itself or as ?) may swallow a following \ or ` in gbk, big5, sjis ...: try it both ways
  spot: LOOP
    SET b = REGEXP_INSTR(SUBSTR(q, p + 1), CONCAT('(?-i)[^\x01-\x3e\x40-\x7f](?=`|\\+[''"`])', IF(top = 0, '', CONCAT('|', odd, '(?!', noend, ')'))));
    IF b = 0 THEN LEAVE spot; END IF;
    SET p = p + b, k = k + 1, spots = CONCAT(spots, LPAD(p, 6, '0'));
    -- once it has swallowed the first of two
    IF SUBSTR(q, p) REGEXP '(?-i)\A[^\\](?:\\\\)+''' THEN SET k = k + 1, spots = CONCAT(spots, LPAD(p + 2, 6, '0')); END IF;
    IF k > 6 THEN RETURN -8; END IF;
  END LOOP;
  WHILE mask < (1 << k) DO
    SET t = q, i = 0;
    WHILE i < k DO
      SET p = SUBSTR(spots, 1+6*i, 6);
      IF mask & (1 << i) AND SUBSTR(q, p, 1) <> '\' THEN SET t = INSERT(t, p, 2, 'z_'); END IF;
      SET i = i + 1;
    END WHILE;
    IF top > 0 THEN SET t = REGEXP_REPLACE(t, CONCAT(odd, '(?=', noend, ')'), '\1_'); END IF;
    WHILE i > 0 DO
      SET i = i - 1, p = SUBSTR(spots, 1+6*i, 6);
      IF SUBSTR(t, p) REGEXP '(?-i)\A\\(?:\\\\)*+''' THEN SET t = INSERT(t, IF(mask & (1 << i), p, LOCATE('''', t, p)), 1, '_'); END IF;
    END WHILE;
    SET m = 0, named = 0, nameless = 0;
    WHILE m <= top DO
      SET v = agentroles_guard.verdict(m, t);
      -- A string here may be a column in double quotes: where they are read so, it must be one.
      IF v < 0 AND (v <> -2 OR LOCATE('"', q) = 0) THEN RETURN v; END IF;
      IF v = -2 THEN SET nameless = 1; ELSEIF v > 0 THEN SET named = 1; END IF;
      -- Two kinds of change are counted in two ways, and of the greater number only that of DELETE is the stricter.
      IF v > 1 AND r > 1 AND v <> r AND GREATEST(v, r) > 3 THEN RETURN -4; END IF;
      IF v IS NOT NULL AND (r IS NULL OR v > r) THEN SET r = v; END IF;
      SET m = m + 1;
    END WHILE;
    IF nameless AND NOT named THEN RETURN -2; END IF;
    SET mask = mask + 1;
  END WHILE;
  RETURN IFNULL(r, -4);
END
