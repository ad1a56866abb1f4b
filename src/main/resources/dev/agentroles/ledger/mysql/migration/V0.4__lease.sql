CREATE TABLE IF NOT EXISTS agentroles.lease (
    id            varchar(32)  NOT NULL PRIMARY KEY,
    agent         varchar(255) NOT NULL,
    login         varchar(128) NOT NULL UNIQUE,
    state         varchar(16)  NOT NULL CHECK (state IN ('ISSUED', 'PUBLISHED', 'ENDED')),
    issued_at     datetime(6)  NOT NULL,
    expires_at    datetime(6)  NOT NULL,
    digest        varchar(64)  NOT NULL,
    purpose       varchar(16)  NOT NULL CHECK (purpose IN ('AGENT', 'PROGRAM', 'PROBE')),
    store_path    text         NOT NULL,
    store_version bigint       CHECK (store_version > 0),
    ended_at      datetime(6),
    CHECK (state <> 'PUBLISHED' OR store_version IS NOT NULL),
    CHECK ((state = 'ENDED') = (ended_at IS NOT NULL)),
    INDEX lease_by_agent (agent, state),
    INDEX lease_by_state (state)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT = 'One login that was issued to an agent. ISSUED: it is being made, or nobody was told. PUBLISHED: the secret store holds it, or held it until a newer one took its place. ENDED: the login is gone.';
