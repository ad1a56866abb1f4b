-- Every refusal. AR001 what the text says (no WHERE, no column in it, not readable), AR002 too many rows in one statement,
-- AR005 in the window, AR007 the guard cannot do its duty. A message has room for 128 characters.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.refuse(r INT) RETURNS INT DETERMINISTIC NO SQL
BEGIN
  DECLARE msg VARCHAR(128) DEFAULT CASE r
    WHEN -1 THEN 'agentroles refused UPDATE or DELETE without WHERE: say which rows, with a condition on a column'
    WHEN -2 THEN 'agentroles refused a WHERE that names no column: say which rows, with a condition on a column'
    WHEN -3 THEN 'agentroles refused to overwrite rows from a query or file: list them in VALUES'
    WHEN -5 THEN 'agentroles refused this statement: its text is not available'
    WHEN -6 THEN 'agentroles refused this statement: its text is longer than 64 KiB; split it'
    WHEN -7 THEN 'agentroles refused this statement: a back-tick inside a name cannot be judged'
    WHEN -8 THEN 'agentroles refused this statement: its quotes can be read in too many ways; bind the values'
    WHEN -10 THEN 'agentroles refused to write: foreign_key_checks, unique_checks and check_constraint_checks must be on'
    WHEN -11 THEN 'agentroles refused this session: default_regex_flags must be empty'
    WHEN -12 THEN 'agentroles refused this login: it has expired, is frozen, or is not registered'
    WHEN -14 THEN 'agentroles refused to write in an XA transaction, which could outlive this login: use BEGIN and COMMIT'
    WHEN -13 THEN 'agentroles refused to write: no limits are known for this login on this table; ask for agentroles apply'
    WHEN -15 THEN 'agentroles refused REPLACE on a table with several unique keys: use UPDATE, or ON DUPLICATE KEY UPDATE'
    ELSE 'agentroles refused this statement: its form is not recognised; write it plainly' END;
  IF r IN (-10, -11, -12, -13, -14) THEN
    SIGNAL SQLSTATE 'AR007' SET MESSAGE_TEXT = msg;
  END IF;
  SIGNAL SQLSTATE 'AR001' SET MESSAGE_TEXT = msg;
  RETURN 0;
END
//
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.exceeded(state CHAR(5), most BIGINT) RETURNS INT DETERMINISTIC NO SQL
BEGIN
  DECLARE msg VARCHAR(128);
  IF state = 'AR002' THEN
    SET msg = CONCAT('agentroles refused to change more than ', most, ' rows at once: smaller steps, by ranges of the key');
    SIGNAL SQLSTATE 'AR002' SET MESSAGE_TEXT = msg;
  END IF;
  SET msg = CONCAT('agentroles refused to change more than ', most, ' rows within this time: wait');
  SIGNAL SQLSTATE 'AR005' SET MESSAGE_TEXT = msg;
  RETURN 0;
END
