CREATE TABLE IF NOT EXISTS agentroles.account_mark (
    name varchar(128) NOT NULL PRIMARY KEY,
    mark varchar(700) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'Roles that agentroles made, on a server whose accounts carry no text of their own. Written before the role is made. Logins are in table lease.';
