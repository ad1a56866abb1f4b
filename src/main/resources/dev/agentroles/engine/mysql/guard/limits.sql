-- Whether this login is an agent's and has not expired. The clock is that of UUID(), in steps of 100 ns since 1582: a session
-- can set NOW(), and of SYSDATE() an hour of each year in some time_zone of its own choice is taken for the one before. In
-- a change this locks the row until the transaction ends, and must: without a lock it would be read as of the
-- transaction's beginning, and a lease that was shortened since would go on.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.live() RETURNS INT NOT DETERMINISTIC READS SQL DATA
BEGIN
  DECLARE u CHAR(36) CHARACTER SET ascii COLLATE ascii_bin DEFAULT UUID();
  DECLARE now BIGINT DEFAULT CAST(CONV(CONCAT(SUBSTR(u, 16, 3), SUBSTR(u, 10, 4), LEFT(u, 8)), 16, 10) AS UNSIGNED) DIV 10000000 - 12219292800;
  RETURN (SELECT COUNT(*) FROM agentroles_guard.account a
           WHERE a.name = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())))
             AND a.disabled = 0 AND a.expires_at > now);
END
//
-- What holds for this login on table t, packed: 20 bits half rows of a statement, 20 bits half rows of a window, 17 bits
-- seconds of a window. Of several tiers that give the table the least holds. NULL: none does. The length of a window is
-- the longest of all that the agent has, whatever the table: with two lengths, turns between them would end both. A SELECT
-- INTO locks nothing, unless the session is SERIALIZABLE; a query within an expression would hold up changes of limits for as
-- long as an agent's transaction is open.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.limits_on(t BIGINT) RETURNS BIGINT DETERMINISTIC READS SQL DATA
BEGIN
  DECLARE me VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    DEFAULT (SELECT a.agent FROM agentroles_guard.account a
              WHERE a.name = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER()))));
  DECLARE seconds, packed BIGINT;
  SELECT MAX(l.window_seconds) INTO seconds FROM agentroles_guard.limits l WHERE l.agent = me;
  SELECT MIN(l.rows_per_statement) * 2 << 37 | MIN(l.rows_per_window) * 2 << 17 | seconds INTO packed
    FROM agentroles_guard.limits l JOIN agentroles_guard.reach r ON r.tier = l.tier AND r.id = t
   WHERE l.agent = me;
  RETURN packed;
END
