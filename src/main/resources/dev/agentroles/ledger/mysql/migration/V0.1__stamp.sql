-- One statement a file, each may be run again: this server ends a transaction at every one of them. The last of a
-- version has a whole number; look.sql counts no other.
-- Columns that look.sql reads may gain companions in later versions, and are never renamed or dropped: an older
-- program must be able to see that the ledger is newer than itself. Times are UTC.
CREATE TABLE IF NOT EXISTS agentroles.stamp (
    only_row          boolean      NOT NULL DEFAULT true PRIMARY KEY CHECK (only_row = 1),
    environment       varchar(255) NOT NULL,
    entry             varchar(255) NOT NULL,
    server_identifier varchar(255) NOT NULL,
    database_name     varchar(255) NOT NULL,
    made_at           datetime(6)  NOT NULL,
    tool_version      varchar(255) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'Which environment and profile entry this server belongs to. One row, written once; compared before anything else.';
