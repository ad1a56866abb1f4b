SET sql_mode = 'ORACLE'
//
-- Half rows touched by the running statement and in the window, in package variables that no other routine can reach.
CREATE DEFINER='agentroles_guard'@'localhost' PACKAGE agentroles_guard.meter AS
  FUNCTION tick(t BIGINT, k BIGINT) RETURN BIGINT;
END
//
CREATE DEFINER='agentroles_guard'@'localhost' PACKAGE BODY agentroles_guard.meter AS
  n BIGINT := 0;  mk BIGINT := 0;                  -- in the statement that started at mk
  w BIGINT := 0;  mi BIGINT := 0;                  -- in the window mi
  p BIGINT;  pt BIGINT := 0;  ps BIGINT := 0;      -- the limits of table pt, as they were in second ps
  FUNCTION tick(t BIGINT, k BIGINT) RETURN BIGINT AS
    started BIGINT := TIMESTAMPDIFF(MICROSECOND, '2000-01-01', UTC_TIMESTAMP(6));   -- one value for a whole statement; freezing it only makes counts add up
    second BIGINT := UNIX_TIMESTAMP(SYSDATE());                                     -- cannot be set by the session
    m BIGINT;
  BEGIN
    IF pt <> t OR ps <> second OR p IS NULL THEN p := agentroles_guard.limits_on(t); pt := t; ps := second; END IF;
    -- NULL, once in a count, would never be past a limit.
    IF p IS NULL OR k IS NULL THEN RETURN agentroles_guard.refuse(-13); END IF;
    m := second DIV (p & 131071);
    IF mk <> started THEN mk := started; n := 0; END IF;
    IF mi <> m THEN mi := m; w := 0; END IF;
    n := n + GREATEST(k, 1);
    w := w + GREATEST(k, 1);
    IF n > p >> 37 THEN RETURN agentroles_guard.exceeded('AR002', p >> 38); END IF;
    IF w > ((p >> 17) & 1048575) THEN RETURN agentroles_guard.exceeded('AR005', (p >> 18) & 524287); END IF;
    RETURN 1;
  END;
END
//
-- Of table t. Whoever calls it can only add to his own count, and never says by which limits.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.tick(t BIGINT, k BIGINT) RETURN BIGINT READS SQL DATA AS
BEGIN
  RETURN agentroles_guard.meter.tick(t, k);
END
