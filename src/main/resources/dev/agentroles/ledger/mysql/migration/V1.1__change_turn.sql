-- Times are UTC.
CREATE TABLE IF NOT EXISTS agentroles.change_turn (
    agent varchar(255) NOT NULL PRIMARY KEY,
    at    datetime(6)  NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'Calls by which one agent asks for schema changes take turns on its row, so that together they keep to the limit.';
