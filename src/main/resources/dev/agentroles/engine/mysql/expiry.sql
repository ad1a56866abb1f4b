-- Ends leases that are over: no new session, and no open one. Runs with the rights of the administrator that made it.
-- The table of accounts, and which of them may log in, are the product's.
CREATE EVENT agentroles.end_leases
ON SCHEDULE EVERY 5 SECOND
ON COMPLETION PRESERVE
COMMENT 'Locks logins and ends sessions of leases that are over; the profile of agentroles says expiry_event: true'
DO
BEGIN
  DECLARE done boolean DEFAULT false;
  DECLARE account varchar(700);
  DECLARE session_id bigint unsigned;
  DECLARE failures int DEFAULT 0;
  DECLARE why varchar(512);
  DECLARE accounts CURSOR FOR
    SELECT CONCAT(QUOTE(u.User), '@', QUOTE(u.Host))
      FROM agentroles.lease AS l
      JOIN %s AS u ON CAST(u.User AS char(128)) COLLATE utf8mb4_bin = l.login
     WHERE l.state <> 'ENDED' AND l.expires_at <= UTC_TIMESTAMP(6)
       AND %s;
  DECLARE sessions CURSOR FOR
    SELECT p.ID
      FROM agentroles.lease AS l
      JOIN information_schema.PROCESSLIST AS p ON CAST(p.USER AS char(128)) COLLATE utf8mb4_bin = l.login
     WHERE l.state <> 'ENDED' AND l.expires_at <= UTC_TIMESTAMP(6);
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = true;
  OPEN accounts;
  FETCH accounts INTO account;
  WHILE NOT done DO
    -- One that cannot be locked must not save the others.
    BEGIN
      DECLARE CONTINUE HANDLER FOR SQLEXCEPTION
      BEGIN
        GET DIAGNOSTICS CONDITION 1 why = MESSAGE_TEXT;
        SET failures = failures + 1;
      END;
      SET @agentroles_lock = CONCAT('ALTER USER IF EXISTS ', account, ' ACCOUNT LOCK');
      PREPARE agentroles_lock FROM @agentroles_lock;
      EXECUTE agentroles_lock;
      DEALLOCATE PREPARE agentroles_lock;
    END;
    FETCH accounts INTO account;
  END WHILE;
  CLOSE accounts;
  SET done = false;
  OPEN sessions;
  FETCH sessions INTO session_id;
  WHILE NOT done DO
    -- Nor one that cannot be ended. 1094: it has ended by itself.
    BEGIN
      DECLARE CONTINUE HANDLER FOR 1094 BEGIN END;
      DECLARE CONTINUE HANDLER FOR SQLEXCEPTION
      BEGIN
        GET DIAGNOSTICS CONDITION 1 why = MESSAGE_TEXT;
        SET failures = failures + 1;
      END;
      KILL CONNECTION session_id;
    END;
    FETCH sessions INTO session_id;
  END WHILE;
  CLOSE sessions;
  -- The scheduler writes it to the server's error log.
  IF failures > 0 THEN
    SET why = LEFT(CONCAT('not ended of leases that are over: ', failures, ' (logins and sessions); ', why), 128);
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = why;
  END IF;
END
