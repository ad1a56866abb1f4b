-- Schema changes that wait for a person, or have had one. Times are UTC.
CREATE TABLE IF NOT EXISTS agentroles.change_request (
    id            bigint       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    agent         varchar(255) NOT NULL,
    requested_by  varchar(255) NOT NULL COMMENT 'The login that asked, or the person who asked for the agent.',
    requested_at  datetime(6)  NOT NULL,
    statement     mediumtext   NOT NULL,
    reason        text         NOT NULL,
    state         varchar(16)  NOT NULL DEFAULT 'REQUESTED'
                  CHECK (state IN ('REQUESTED', 'APPROVED', 'REJECTED', 'RUNNING', 'DONE', 'FAILED')),
    rehearsed_at  datetime(6),
    rehearsed_on  varchar(255),
    rehearsal     mediumtext,
    decided_by    varchar(255),
    decided_at    datetime(6),
    decision      text,
    fingerprint   varchar(64)
                  COMMENT 'Hash of environment, entry, server, database, request and statement as they were when a person approved.',
    valid_until   datetime(6),
    signature     text         COMMENT 'By a key of an approver, where the profile names some.',
    started_by    varchar(255),
    started_at    datetime(6),
    handle        varchar(64)  COMMENT 'By what the server tells afterwards whether it was done, where it can.',
    ended_at      datetime(6),
    outcome       text,
    CHECK (state IN ('REQUESTED', 'REJECTED') OR fingerprint IS NOT NULL),
    INDEX change_request_open (agent, state)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'A statement that an agent asked for and a person approves or rejects. REQUESTED: nobody has decided. APPROVED: it may be run, as it stands here and on this server alone. RUNNING: somebody runs it, or died while they did. DONE and FAILED: it was run, once.';
