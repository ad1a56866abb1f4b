-- Whether this login is an agent's and has not expired. SYSDATE() is the real clock; the session can set NOW().
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.live() RETURNS INT NOT DETERMINISTIC READS SQL DATA
BEGIN
  RETURN (SELECT COUNT(*) FROM agentroles_guard.account a
           WHERE a.name = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())))
             AND a.disabled = 0 AND a.expires_at > UNIX_TIMESTAMP(SYSDATE()));
END
//
-- What holds for this login on table t, packed: 20 bits half rows of a statement, 20 bits half rows of a window, 17 bits
-- seconds of a window. Of several tiers that give the table the least holds. NULL: none does.
CREATE DEFINER='agentroles_guard'@'localhost' FUNCTION agentroles_guard.limits_on(t BIGINT) RETURNS BIGINT DETERMINISTIC READS SQL DATA
BEGIN
  RETURN (SELECT MIN(l.rows_per_statement) * 2 << 37 | MIN(COALESCE(l.rows_per_window, l.rows_per_transaction)) * 2 << 17
                 | MAX(COALESCE(l.window_seconds, 60))
            FROM agentroles_guard.account a
            JOIN agentroles_guard.limits l ON l.agent = a.agent
            JOIN agentroles_guard.reach r ON r.tier = l.tier AND r.id = t
           WHERE a.name = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER()))));
END
