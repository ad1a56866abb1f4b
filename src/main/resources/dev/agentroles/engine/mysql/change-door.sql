-- How agents ask for schema changes. A text that an agent gives is stored, and nothing else is done with it. Whoever asks is told
-- by the account that the session logged in with, which no role changes.
--
-- AR007 the login may not ask, AR008 what it asks for cannot be written down, AR009 too much of it waits already. A message has
-- room for 128 characters. SYSDATE cannot be set, and UNIX_TIMESTAMP undoes whatever zone the session is in.
--
-- Each reads and writes in transactions of its own, in an isolation of its own: as the caller has it SERIALIZABLE, what is read
-- here would stay locked for whoever asks, and nobody could stop an agent or issue a login.
CREATE PROCEDURE agentroles_changes.asking(OUT agent VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
READS SQL DATA SQL SECURITY DEFINER COMMENT 'agentroles'
BEGIN
  DECLARE who VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())));
  DECLARE stopped BOOLEAN;
  COMMIT AND NO CHAIN NO RELEASE;
  SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
  START TRANSACTION READ ONLY;
  SET agent = (SELECT l.agent FROM agentroles.lease AS l
                WHERE l.login = who AND l.state <> 'ENDED'
                  AND l.expires_at > TIMESTAMPADD(SECOND, UNIX_TIMESTAMP(SYSDATE()), '1970-01-01'));
  SET stopped = EXISTS (SELECT 1 FROM agentroles.freeze) OR EXISTS (SELECT 1 FROM agentroles.revocation AS r WHERE r.agent = agent);
  COMMIT AND NO CHAIN NO RELEASE;
  IF agent IS NULL THEN
    SIGNAL SQLSTATE 'AR007' SET MESSAGE_TEXT = 'agentroles refused this login: it is no login of an agent, or it is over; ask with the published one';
  END IF;
  IF stopped THEN
    SIGNAL SQLSTATE 'AR007' SET MESSAGE_TEXT = 'agentroles refused this login: its agent is stopped; wait until a person thaws it';
  END IF;
END
//
-- It ends the caller's transaction as DDL does here: it is written down when the call returns, whether or not the session
-- only reads. What a session sets as insert_id would be the number, and those after it. One row an agent is what its calls queue for, so that together they keep the limit.
CREATE PROCEDURE agentroles_changes.request(IN statement LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, IN reason LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
MODIFIES SQL DATA SQL SECURITY DEFINER COMMENT 'agentroles'
BEGIN
  DECLARE asking VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE number BIGINT;
  CALL agentroles_changes.asking(asking);
  IF COALESCE(statement, '') NOT REGEXP '[^[:space:]]' THEN
    SIGNAL SQLSTATE 'AR008' SET MESSAGE_TEXT = 'agentroles refused an empty statement: say which change is needed';
  END IF;
  IF LENGTH(statement) > 65536 THEN
    SIGNAL SQLSTATE 'AR008' SET MESSAGE_TEXT = 'agentroles refused a statement of more than 65536 bytes: ask for a shorter one';
  END IF;
  IF COALESCE(reason, '') NOT REGEXP '[^[:space:]]' THEN
    SIGNAL SQLSTATE 'AR008' SET MESSAGE_TEXT = 'agentroles refused a request without a reason: say why the change is needed';
  END IF;
  IF CHAR_LENGTH(reason) > 2000 THEN
    SIGNAL SQLSTATE 'AR008' SET MESSAGE_TEXT = 'agentroles refused a reason of more than 2000 characters: say it shorter';
  END IF;
  IF @@SESSION.insert_id <> 0 THEN
    SIGNAL SQLSTATE 'AR008' SET MESSAGE_TEXT = 'agentroles refused to take a number that the session has set: ask in another session';
  END IF;
  SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
  START TRANSACTION READ WRITE;
  BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
      ROLLBACK AND NO CHAIN NO RELEASE;
      RESIGNAL;
    END;
    INSERT INTO agentroles.change_turn (agent, at) VALUES (asking, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE at = UTC_TIMESTAMP(6);
    IF (SELECT COUNT(*) FROM agentroles.change_request AS c
         WHERE c.agent = asking AND c.state IN ('REQUESTED', 'APPROVED', 'RUNNING')) >= 20 THEN
      SIGNAL SQLSTATE 'AR009' SET MESSAGE_TEXT = 'agentroles refused one more request: 20 are open; wait until a person has decided about some';
    END IF;
    INSERT INTO agentroles.change_request (agent, requested_by, requested_at, statement, reason)
    VALUES (asking, LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER()))),
            TIMESTAMPADD(MICROSECOND, CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS SIGNED), '1970-01-01 00:00:00.000000'), statement, reason);
    SET number = LAST_INSERT_ID();
    COMMIT AND NO CHAIN NO RELEASE;
  END;
  SELECT number AS id;
END
//
-- Of how a run ended only what kind of error it was: what the server says may hold what stands in a row.
CREATE PROCEDURE agentroles_changes.requests()
READS SQL DATA SQL SECURITY DEFINER COMMENT 'agentroles'
BEGIN
  DECLARE asking VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  CALL agentroles_changes.asking(asking);
  SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
  START TRANSACTION READ ONLY;
  SELECT c.id, c.requested_at, c.statement, c.state, c.decision, SUBSTRING_INDEX(c.outcome, ': ', 1) AS outcome
    FROM agentroles.change_request AS c
   WHERE c.agent = asking
   ORDER BY c.id DESC;
  COMMIT AND NO CHAIN NO RELEASE;
END
