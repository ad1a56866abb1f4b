CREATE TABLE IF NOT EXISTS agentroles.revocation (
    agent      varchar(255) NOT NULL PRIMARY KEY,
    revoked_by varchar(255) NOT NULL,
    revoked_at datetime(6)  NOT NULL,
    reason     text         NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'A row here stops one agent: it is issued no login until somebody thaws it.';
