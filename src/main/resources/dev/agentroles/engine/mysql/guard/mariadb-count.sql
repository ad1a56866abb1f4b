SET sql_mode = 'ORACLE'
//
-- Half rows touched by the running statement and in the window, in package variables that no other routine can reach.
CREATE DEFINER='agentroles_guard'@'localhost' PACKAGE agentroles_guard.meter AS
  FUNCTION tick(p BIGINT, k BIGINT) RETURN BIGINT;
END
//
CREATE DEFINER='agentroles_guard'@'localhost' PACKAGE BODY agentroles_guard.meter AS
  n BIGINT := 0;  mk BIGINT := 0;     -- in the statement that started at mk
  w BIGINT := 0;  mi BIGINT := 0;     -- in the window mi
  FUNCTION tick(p BIGINT, k BIGINT) RETURN BIGINT AS
    t BIGINT := TIMESTAMPDIFF(MICROSECOND, '2000-01-01', UTC_TIMESTAMP(6));   -- one value for a whole statement; freezing it only makes counts add up
    m BIGINT;
  BEGIN
    IF p IS NULL THEN RETURN agentroles_guard.refuse(-13); END IF;
    m := UNIX_TIMESTAMP(SYSDATE()) DIV (p & 131071);                          -- cannot be set by the session
    IF mk <> t THEN mk := t; n := 0; END IF;
    IF mi <> m THEN mi := m; w := 0; END IF;
    n := n + GREATEST(k, 1);
    w := w + GREATEST(k, 1);
    IF n > p >> 37 THEN RETURN agentroles_guard.exceeded('AR002', p >> 38); END IF;
    IF w > ((p >> 17) & 1048575) THEN RETURN agentroles_guard.exceeded('AR005', (p >> 18) & 524287); END IF;
    RETURN 1;
  END;
END
//
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.tick(p BIGINT, k BIGINT) RETURN BIGINT NO SQL AS
BEGIN
  RETURN agentroles_guard.meter.tick(p, k);
END
