-- Schema changes that wait for a person, or have had one.

CREATE TABLE agentroles.change_request (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent         text        NOT NULL,
    requested_by  text        NOT NULL,
    requested_at  timestamptz NOT NULL,
    statement     text        NOT NULL,
    reason        text        NOT NULL,
    state         text        NOT NULL DEFAULT 'REQUESTED'
                  CHECK (state IN ('REQUESTED', 'APPROVED', 'REJECTED', 'RUNNING', 'DONE', 'FAILED')),
    rehearsed_at  timestamptz,
    rehearsed_on  text,
    rehearsal     text,
    decided_by    text,
    decided_at    timestamptz,
    decision      text,
    fingerprint   text        CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
    valid_until   timestamptz,
    signature     text,
    started_by    text,
    started_at    timestamptz,
    handle        text,
    ended_at      timestamptz,
    outcome       text,
    CHECK (state IN ('REQUESTED', 'REJECTED') OR fingerprint IS NOT NULL)
);
COMMENT ON TABLE agentroles.change_request IS
    'A statement that an agent asked for and a person approves or rejects. REQUESTED: nobody has decided. APPROVED: it may be run, as it stands here and on this server alone. RUNNING: somebody runs it, or died while they did. DONE and FAILED: it was run, once.';
COMMENT ON COLUMN agentroles.change_request.requested_by IS 'The login that asked, or the person who asked for the agent.';
COMMENT ON COLUMN agentroles.change_request.fingerprint IS
    'Hash of environment, entry, server, database, request and statement as they were when a person approved.';
COMMENT ON COLUMN agentroles.change_request.signature IS 'By a key of an approver, where the profile names some.';
COMMENT ON COLUMN agentroles.change_request.handle IS
    'By what the server tells afterwards whether it was done: the number of the transaction.';
CREATE INDEX change_request_open ON agentroles.change_request (agent)
    WHERE state IN ('REQUESTED', 'APPROVED', 'RUNNING');

CREATE TABLE agentroles.change_turn (
    agent text        PRIMARY KEY,
    at    timestamptz NOT NULL
);
COMMENT ON TABLE agentroles.change_turn IS
    'Calls by which one agent asks for schema changes take turns on its row, so that together they keep to the limit.';

REVOKE ALL ON agentroles.change_request, agentroles.change_turn FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA agentroles FROM PUBLIC;
