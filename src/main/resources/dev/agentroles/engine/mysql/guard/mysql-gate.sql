-- Whether an XA transaction runs: once prepared it outlives its session and its login, and any login may commit it. Below
-- 8.0.16 there is no PS_CURRENT_THREAD_ID, and what performance_schema does not record is not seen.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.in_xa() RETURNS INT NOT DETERMINISTIC READS SQL DATA
BEGIN
  DECLARE CONTINUE HANDLER FOR SQLEXCEPTION RETURN 0;
  RETURN IFNULL((SELECT e.XA_STATE = 'ACTIVE' FROM performance_schema.events_transactions_current e
                  WHERE e.THREAD_ID = PS_CURRENT_THREAD_ID()), 0);
END
//
-- Once a statement: 1 = leave rows alone, 2 and 3 = count them, else an error. Remembers no verdict: the session can freeze
-- every clock by which statements could be told apart.
--
-- First what the server's lexer really produced, if no routine's inner statement is running. Digest texts do not double a
-- back-tick inside a name, so texts that may have one go the long way: those with two in a row, and, where only words are
-- compared, those with both quotes. (A digest is of names and their lengths; in mode '' only two in a row make a name with one.) SQL_TEXT ends at the first byte that is no character
-- of the client's character set, or at performance_schema_max_sql_text_length. It is the whole text if it has the digest of
-- what runs. That of a prepared statement begins with EXECUTE, so only its words can be compared: that is enough where all
-- sql_modes and character sets agree on how far strings and comments reach. 0 stands for markers: both are a constant.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.gate() RETURNS INT DETERMINISTIC READS SQL DATA
BEGIN
  DECLARE r INT DEFAULT -9;
  DECLARE q, d LONGTEXT;
  IF agentroles_guard.live() = 0 THEN RETURN agentroles_guard.refuse(-12); END IF;
  BEGIN
    DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET d = NULL;
    SET d = (SELECT IF(SUM(e.EVENT_NAME = 'statement/sp/stmt') > 0, NULL,
                       MAX(CASE WHEN e.NESTING_EVENT_LEVEL = 0 AND e.END_EVENT_ID IS NULL AND LOCATE('``', e.SQL_TEXT) = 0
                                 AND IF(e.DIGEST_TEXT LIKE 'EXECUTE %' AND NOT REGEXP_LIKE(e.SQL_TEXT, '\\\\|--'),
                                        CONCAT('EXECUTE ', STATEMENT_DIGEST_TEXT(REPLACE(e.SQL_TEXT, '?', ' 0 '))) COLLATE utf8mb4_bin = e.DIGEST_TEXT,
                                        STATEMENT_DIGEST(REPLACE(e.SQL_TEXT, '?', ' 0 ')) = e.DIGEST) AND (LOCATE('"', e.SQL_TEXT) = 0 OR LOCATE('`', e.SQL_TEXT) = 0 OR e.DIGEST_TEXT NOT LIKE 'EXECUTE %') THEN e.DIGEST_TEXT END))
               FROM performance_schema.events_statements_current e WHERE e.THREAD_ID = PS_CURRENT_THREAD_ID());
  END;
  IF d IS NULL OR d = '' THEN
    -- The digest's own text will do, if as a statement it has the same digest: then no name in it has a back-tick.
    BEGIN
      DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET d = NULL;
      SET d = (SELECT IF(SUM(e.EVENT_NAME = 'statement/sp/stmt') > 0, NULL,
                         MAX(CASE WHEN e.NESTING_EVENT_LEVEL = 0 AND e.END_EVENT_ID IS NULL AND LOCATE('``', e.DIGEST_TEXT) = 0
                                   AND STATEMENT_DIGEST(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(e.DIGEST_TEXT, '(...) /* , ... */', '(0,0),(0,0)'),
                                         '(?) /* , ... */', '(0),(0)'), '(...)', '(0,0)'), '?, ...', '0,0'), '?', '0')) = e.DIGEST THEN e.DIGEST_TEXT END))
                 FROM performance_schema.events_statements_current e WHERE e.THREAD_ID = PS_CURRENT_THREAD_ID());
    END;
  END IF;
  IF d LIKE 'SELECT %' COLLATE utf8mb4_bin THEN RETURN 1; END IF;
  IF d IS NOT NULL AND d <> '' THEN SET r = IFNULL(agentroles_guard.verdict(0, d, NULL), -9); END IF;
  IF r = -9 THEN
    BEGIN
      DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET q = NULL;
      -- An expression: SELECT INTO would show itself. Below 8.0.16 there is no PS_CURRENT_THREAD_ID: always this way.
      SET q = (SELECT p.INFO FROM information_schema.PROCESSLIST p WHERE p.ID = CONNECTION_ID());
    END;
    -- An INSERT whose text the server does not tell (MySQL 9, characters beyond the basic plane) is counted like one that overwrites.
    SET r = IF(q IS NULL AND REGEXP_LIKE(d, '^(?:EXECUTE )?INSERT ', 'c'), 3, agentroles_guard.judge(q));
    IF r IN (-4, -6) AND REGEXP_LIKE(q, '^[\\s(]*select\\b', 'i') THEN SET r = 1; END IF;
  END IF;
  IF r > 1 OR (r = 1 AND (d LIKE 'INSERT %' OR NOT IFNULL(REGEXP_LIKE(COALESCE(q, d), '^[\\s(]*select\\b', 'i'), 0))) THEN
    IF @@session.foreign_key_checks = 0 OR @@session.unique_checks = 0 THEN SET r = -10;
    ELSEIF agentroles_guard.in_xa() > 0 THEN SET r = -14;
    END IF;
  END IF;
  RETURN IF(r > 0, r, agentroles_guard.refuse(r));
END
