CREATE TABLE IF NOT EXISTS agentroles.owed (
    id         bigint       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    work       varchar(32)  NOT NULL CHECK (work IN ('ERASE_SECRET', 'DROP_LOGIN')),
    agent      varchar(255) NOT NULL,
    object     varchar(700) NOT NULL COMMENT 'ERASE_SECRET: the path in the secret store. DROP_LOGIN: the login.',
    owed_since datetime(6)  NOT NULL,
    attempts   integer      NOT NULL DEFAULT 0,
    last_error text         NOT NULL,
    UNIQUE (work, object)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'Work that was promised and could not be done yet, such as erasing a secret while the store was down. Tried again until it is done.';
