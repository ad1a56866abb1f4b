-- The ledger: what agentroles must remember about this database. Runs inside schema agentroles.
-- Columns that look.sql reads may gain companions in later versions, and are never renamed or dropped: an older
-- program must be able to see that the ledger is newer than itself.

CREATE TABLE agentroles.stamp (
    only_row          boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    environment       text        NOT NULL,
    entry             text        NOT NULL,
    server_identifier text        NOT NULL,
    database_name     text        NOT NULL,
    made_at           timestamptz NOT NULL DEFAULT now(),
    made_by           text        NOT NULL DEFAULT session_user,
    tool_version      text        NOT NULL
);
COMMENT ON TABLE agentroles.stamp IS
    'Which environment and profile entry this database belongs to, and on which server. One row, written once; compared before anything else.';

CREATE TABLE agentroles.freeze (
    only_row  boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    frozen_by text        NOT NULL,
    frozen_at timestamptz NOT NULL DEFAULT now(),
    reason    text        NOT NULL
);
COMMENT ON TABLE agentroles.freeze IS
    'A row here stops apply, rotate and exec: who froze the environment, when and why. No row: not frozen.';

CREATE TABLE agentroles.revocation (
    agent      text        PRIMARY KEY,
    revoked_by text        NOT NULL,
    revoked_at timestamptz NOT NULL DEFAULT now(),
    reason     text        NOT NULL
);
COMMENT ON TABLE agentroles.revocation IS
    'A row here stops one agent: it is issued no login until somebody thaws it.';

CREATE TABLE agentroles.lease (
    id            text        PRIMARY KEY,
    agent         text        NOT NULL,
    login         text        NOT NULL UNIQUE,
    state         text        NOT NULL CHECK (state IN ('ISSUED', 'PUBLISHED', 'ENDED')),
    issued_at     timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    digest        text        NOT NULL,
    purpose       text        NOT NULL CHECK (purpose IN ('AGENT', 'PROGRAM', 'PROBE')),
    store_path    text        NOT NULL,
    store_version bigint      CHECK (store_version > 0),
    ended_at      timestamptz,
    CHECK (state <> 'PUBLISHED' OR store_version IS NOT NULL),
    CHECK ((state = 'ENDED') = (ended_at IS NOT NULL))
);
COMMENT ON TABLE agentroles.lease IS
    'One login that was issued to an agent. ISSUED: the login exists and nobody was told. PUBLISHED: the secret store holds it, or held it until a newer one took its place. ENDED: the login is gone.';
COMMENT ON COLUMN agentroles.lease.digest IS 'Short hash of the grants that the agent had when the lease was issued.';
COMMENT ON COLUMN agentroles.lease.purpose IS
    'AGENT: published for the agent. PROGRAM: for one program''s life, never published. PROBE: for a trial of agentroles itself, never published.';
COMMENT ON COLUMN agentroles.lease.store_path IS 'Where in the secret store it is, or was to be, published.';
CREATE INDEX lease_by_agent ON agentroles.lease (agent, issued_at);
CREATE INDEX lease_not_ended ON agentroles.lease (agent) WHERE state <> 'ENDED';

-- The last word on whether a lease may be issued, spoken in the transaction that makes the login, which has locked
-- the stamp by then. Whoever freezes or revokes writes its row first and then waits for that lock: what it finds
-- afterwards is all there is.
CREATE FUNCTION agentroles.refuse_lease() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stopped text;
BEGIN
    IF new.purpose = 'PROBE' THEN
        RETURN new;
    END IF;
    SELECT 'the environment is frozen: ' || frozen_by || ' froze it at ' || frozen_at || ' because: ' || reason
      INTO stopped FROM agentroles.freeze;
    IF stopped IS NULL THEN
        SELECT 'agent ' || agent || ' is revoked: ' || revoked_by || ' revoked it at ' || revoked_at || ' because: ' || reason
          INTO stopped FROM agentroles.revocation WHERE agent = new.agent;
    END IF;
    IF stopped IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = stopped;
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER refuse_lease BEFORE INSERT ON agentroles.lease FOR EACH ROW EXECUTE FUNCTION agentroles.refuse_lease();

CREATE TABLE agentroles.owed (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    work       text        NOT NULL CHECK (work IN ('ERASE_SECRET', 'DROP_LOGIN')),
    agent      text        NOT NULL,
    object     text        NOT NULL,
    owed_since timestamptz NOT NULL DEFAULT now(),
    attempts   integer     NOT NULL DEFAULT 0,
    last_error text        NOT NULL DEFAULT '',
    UNIQUE (work, object)
);
COMMENT ON COLUMN agentroles.owed.object IS 'ERASE_SECRET: the path in the secret store. DROP_LOGIN: the login.';
COMMENT ON TABLE agentroles.owed IS
    'Work that was promised and could not be done yet, such as erasing a secret while the store was down. Tried again until it is done.';

CREATE TABLE agentroles.journal (
    seq           bigint      PRIMARY KEY,
    at            timestamptz NOT NULL,
    database_user text        NOT NULL,
    operator      text        NOT NULL,
    action        text        NOT NULL,
    agent         text,
    lease         text,
    outcome       text        NOT NULL,
    detail        text        NOT NULL,
    previous_hash bytea       NOT NULL,
    hash          bytea       NOT NULL
);
COMMENT ON TABLE agentroles.journal IS
    'What was done, by whom and how it ended; never a secret. Append-only: each row is chained to the one before it by its hash, so that an edited, inserted or removed row is found.';

CREATE TABLE agentroles.journal_head (
    only_row      boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    seq           bigint  NOT NULL,
    previous_hash bytea   NOT NULL,
    hash          bytea   NOT NULL
);
COMMENT ON TABLE agentroles.journal_head IS
    'The last link of the journal''s chain. Writers take turns on this row; a journal that ends before it has lost rows.';
INSERT INTO agentroles.journal_head (seq, previous_hash, hash) VALUES (0, sha256(''), sha256(''));

CREATE TABLE agentroles.definition_hash (
    object        text        PRIMARY KEY,
    sha256        text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    remembered_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE agentroles.definition_hash IS
    'Definitions that the proof of an agent''s power relies on (views, functions, policies), as they were when they were last accepted. A difference is drift although no privilege changed.';

-- Default privileges of the database may have said otherwise.
REVOKE ALL ON SCHEMA agentroles FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA agentroles FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA agentroles FROM PUBLIC;
REVOKE ALL ON ALL ROUTINES IN SCHEMA agentroles FROM PUBLIC;
