CREATE TABLE IF NOT EXISTS agentroles.journal (
    seq           bigint       NOT NULL PRIMARY KEY,
    at            datetime(6)  NOT NULL,
    database_user varchar(255) NOT NULL,
    operator      varchar(255) NOT NULL,
    action        varchar(64)  NOT NULL,
    agent         varchar(255),
    lease         varchar(32),
    outcome       varchar(64)  NOT NULL,
    detail        text         NOT NULL,
    previous_hash binary(32)   NOT NULL,
    hash          binary(32)   NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'What was done, by whom and how it ended; never a secret. Append-only: each row is chained to the one before it by its hash, so that an edited, inserted or removed row is found.';
