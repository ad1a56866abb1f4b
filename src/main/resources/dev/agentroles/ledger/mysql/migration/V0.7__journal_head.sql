CREATE TABLE IF NOT EXISTS agentroles.journal_head (
    only_row      boolean    NOT NULL DEFAULT true PRIMARY KEY CHECK (only_row = 1),
    seq           bigint     NOT NULL,
    previous_hash binary(32) NOT NULL,
    hash          binary(32) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'The last link of the journal''s chain. Writers take turns on this row; a journal that ends before it has lost rows.';
