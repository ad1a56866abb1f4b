-- Counts k half rows for this statement and this window; the limits p are what limits_on() packed. Returns 1. A row that the server looks at twice adds 1 each time, one
-- that it looks at once adds 2.
--
-- The count is kept in a session variable that only a holder of SESSION_VARIABLES_ADMIN can set: 14 bits start of the
-- statement, 10 bits window, 20 bits half rows of the statement, 20 bits of the window. UTC_TIMESTAMP() is one value for
-- a whole statement; freezing it with SET timestamp only makes the counts add up. SYSDATE() cannot be set.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.tick(p BIGINT UNSIGNED, k BIGINT) RETURNS BIGINT UNSIGNED NOT DETERMINISTIC NO SQL
BEGIN
  DECLARE mk BIGINT UNSIGNED DEFAULT TIMESTAMPDIFF(MICROSECOND, '2000-01-01', UTC_TIMESTAMP(6)) MOD 16383 + 1;
  DECLARE mi BIGINT UNSIGNED DEFAULT UNIX_TIMESTAMP(SYSDATE()) DIV (p & 131071) MOD 1024;
  DECLARE hv BIGINT UNSIGNED DEFAULT @@session.histogram_generation_max_mem_size;
  DECLARE n BIGINT UNSIGNED DEFAULT IF(hv >> 50 = mk, (hv >> 20) & 1048575, 0) + GREATEST(k, 1);
  DECLARE w BIGINT UNSIGNED DEFAULT IF((hv >> 40) & 1023 = mi AND hv >> 50 > 0, hv & 1048575, 0) + GREATEST(k, 1);
  IF p IS NULL OR k IS NULL THEN RETURN agentroles_guard.refuse(-13); END IF;
  IF n > p >> 37 THEN RETURN agentroles_guard.exceeded('AR002', p >> 38); END IF;
  IF w > (p >> 17) & 1048575 THEN RETURN agentroles_guard.exceeded('AR005', (p >> 18) & 524287); END IF;
  SET SESSION histogram_generation_max_mem_size = (mk << 50) | (mi << 40) | (n << 20) | w;
  RETURN 1;
END
