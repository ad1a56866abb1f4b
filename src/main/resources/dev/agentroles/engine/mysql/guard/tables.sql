-- One row: a subquery on it runs once a statement.
CREATE TABLE IF NOT EXISTS agentroles_guard.one (x INT NOT NULL PRIMARY KEY) ENGINE=InnoDB
//
INSERT IGNORE INTO agentroles_guard.one VALUES (1)
//
-- One login of an agent. expires_at in seconds since 1970: it holds for sessions that are open, too.
CREATE TABLE IF NOT EXISTS agentroles_guard.account (
  name VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  agent VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  expires_at BIGINT NOT NULL,
  disabled TINYINT NOT NULL DEFAULT 0) ENGINE=InnoDB
//
-- What somebody else made of it.
UPDATE agentroles_guard.account a JOIN agentroles.lease l ON l.login = a.name
   SET a.agent = LEFT(a.name, CHAR_LENGTH(a.name) - CHAR_LENGTH(l.id) - 1),
       a.expires_at = LEAST(a.expires_at, TIMESTAMPDIFF(SECOND, '1970-01-01', l.expires_at))
//
-- What one agent may do by one of its tier roles.
CREATE TABLE IF NOT EXISTS agentroles_guard.limits (
  agent VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  tier VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  rows_per_statement BIGINT NOT NULL,
  rows_per_window BIGINT NOT NULL,
  window_seconds BIGINT NOT NULL,
  PRIMARY KEY (agent, tier)) ENGINE=InnoDB
//
-- Which tier gives which table, by the number that the table's views carry.
CREATE TABLE IF NOT EXISTS agentroles_guard.reach (
  id BIGINT NOT NULL,
  tier VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (id, tier)) ENGINE=InnoDB
//
-- The databases of guarded views, and of what database.
CREATE TABLE IF NOT EXISTS agentroles_guard.place (
  views VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  base VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL) ENGINE=InnoDB
