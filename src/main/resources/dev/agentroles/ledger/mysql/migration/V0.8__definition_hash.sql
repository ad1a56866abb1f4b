CREATE TABLE IF NOT EXISTS agentroles.definition_hash (
    object        varchar(700) NOT NULL PRIMARY KEY,
    sha256        varchar(64)  NOT NULL,
    remembered_at datetime(6)  NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'Definitions that the proof of an agent''s power relies on (views, functions, triggers), as they were when they were last accepted. A difference is drift although no privilege changed.';
