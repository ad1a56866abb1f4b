CREATE TABLE IF NOT EXISTS agentroles.freeze (
    only_row  boolean      NOT NULL DEFAULT true PRIMARY KEY CHECK (only_row = 1),
    frozen_by varchar(255) NOT NULL,
    frozen_at datetime(6)  NOT NULL,
    reason    text         NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'A row here stops apply, rotate and exec: who froze the environment, when and why. No row: not frozen.';
