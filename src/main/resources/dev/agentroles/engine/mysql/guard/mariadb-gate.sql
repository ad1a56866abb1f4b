SET sql_mode = 'NO_BACKSLASH_ESCAPES'
//
-- Inner view, once a statement: 1 = leave rows alone, 2 = UPDATE, 3 = DELETE: count rows; else an error.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.gate() RETURNS INT DETERMINISTIC READS SQL DATA
BEGIN
  -- An expression: SELECT INTO would show itself.
  DECLARE q LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT (SELECT p.INFO FROM information_schema.PROCESSLIST p WHERE p.ID = CONNECTION_ID());
  DECLARE r INT;
  IF agentroles_guard.live() = 0 THEN RETURN agentroles_guard.refuse(-12); END IF;
  -- It would change what every pattern here matches, and any session may set it.
  IF @@session.default_regex_flags <> '' THEN RETURN agentroles_guard.refuse(-11); END IF;
  IF q REGEXP '\A(?i)[\s(]*select\b' THEN RETURN 1; END IF;
  SET r = agentroles_guard.judge(q);
  IF r > 1 AND (@@session.foreign_key_checks = 0 OR @@session.unique_checks = 0 OR @@session.check_constraint_checks = 0) THEN SET r = -10; END IF;
  IF r < 0 THEN RETURN agentroles_guard.refuse(r); END IF;
  RETURN IF(r IN (2, 3), r, 1);
END
//
-- Outer view's CHECK OPTION, once a written row of table t: returns 0 or raises an error; counts the rows of REPLACE and
-- of ON DUPLICATE KEY UPDATE, at which the server looks twice. k is 0 where one row of REPLACE may take several away.
-- Only an INSERT that has no word of overwriting anywhere goes uncounted, in strings neither: what is a string and what is not hangs on
-- the session's sql_mode and character set, which cannot be seen from here. INFO ends after 64 KiB.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.chk(t BIGINT, k BIGINT) RETURNS INT NOT DETERMINISTIC READS SQL DATA
BEGIN
  DECLARE q LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT (SELECT p.INFO FROM information_schema.PROCESSLIST p WHERE p.ID = CONNECTION_ID());
  DECLARE r, counted BIGINT;
  IF @@session.default_regex_flags <> '' THEN RETURN agentroles_guard.refuse(-11); END IF;
  -- The inner view has judged it, and whether the login is live.
  IF q REGEXP '\A(?i)\s*update\b' THEN RETURN 0; END IF;
  IF agentroles_guard.live() = 0 THEN RETURN agentroles_guard.refuse(-12); END IF;
  IF @@session.foreign_key_checks = 0 OR @@session.unique_checks = 0 OR @@session.check_constraint_checks = 0 THEN RETURN agentroles_guard.refuse(-10); END IF;
  IF q REGEXP '\A(?i)\s*insert\b' THEN
    IF LENGTH(q) >= 65000 THEN SET counted = agentroles_guard.tick(t, k); RETURN 0; END IF;
    IF NOT (q REGEXP '(?i)duplicate|/\*M?!') THEN RETURN 0; END IF;
  END IF;
  SET r = agentroles_guard.judge(q);
  IF r = 4 AND k = 0 THEN SET r = -15; END IF;
  IF r < 0 THEN RETURN agentroles_guard.refuse(r); END IF;
  IF r > 1 OR q REGEXP '(?i)duplicate|replace' THEN SET counted = agentroles_guard.tick(t, IF(r = 5, 1, 2) * k); END IF;
  RETURN 0;
END
