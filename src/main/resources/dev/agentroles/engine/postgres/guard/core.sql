-- What the guard keeps in a database. Everything here can be run again: an older guard is brought up to date in place,
-- while agents and the application work.
CREATE SCHEMA IF NOT EXISTS agentroles_guard;
REVOKE ALL ON SCHEMA agentroles_guard FROM PUBLIC;

-- A session is looked at by the guard if its login may SELECT from this. That is what the triggers' WHEN asks, with a
-- built-in function only, so that sessions of the application load and run no PL code. Nobody needs USAGE on the schema.
CREATE OR REPLACE VIEW agentroles_guard.marker (guarded) AS SELECT true;

-- Where the server's counters stood, by transaction and table. Unlogged: nothing to replicate, nothing for a publication
-- FOR ALL TABLES, and a crash forgets only what has ended.
--
-- Read only through INSERT ... ON CONFLICT DO UPDATE ... RETURNING: an ordinary read takes predicate locks under
-- SERIALIZABLE, and any two transactions of agents would then fail on this one small index. The defaults are for such
-- reads: their row is there, so what they would insert never is.
CREATE UNLOGGED TABLE IF NOT EXISTS agentroles_guard.mark (
  xid       xid8        NOT NULL,
  relid     oid         NOT NULL,
  boot      timestamptz NOT NULL,                      -- when the server started: rows that a dump brought from another are no one's
  at        timestamptz NOT NULL DEFAULT '-infinity',  -- when the client's newest request (protocol message) that came here began
  txn_base  bigint      NOT NULL DEFAULT 0,            -- rows changed when the transaction came here first
  base      bigint      NOT NULL DEFAULT 0,            -- ... when the request did
  stmt_base bigint      NOT NULL DEFAULT 0,            -- ... when the newest statement of the request did
  upd_base  bigint      NOT NULL DEFAULT 0,            -- rows updated when that statement came
  ins_base  bigint      NOT NULL DEFAULT 0,            -- rows inserted when it came
  direct    boolean     NOT NULL DEFAULT false,        -- sent by the client, not by a trigger or foreign key
  tree      boolean     NOT NULL DEFAULT false,        -- has partitions or inheriting tables, which are counted with it
  sha       bytea,                                     -- of the text that was judged last
  targets   name[],                                    -- what stands for the tables in it, where it says no more than that it changes them
  verbs     integer     NOT NULL DEFAULT 0,            -- what was found in it
  listed    boolean     NOT NULL DEFAULT false,        -- all of them are upserts that name their rows
  together  boolean     NOT NULL DEFAULT false,        -- one statement of it has several verbs: they count as one
  due       boolean     NOT NULL DEFAULT false,        -- this write queues a check for the commit
  waits     boolean     NOT NULL DEFAULT false,        -- one is queued, or has been done that noted nothing here
  rewrites  bigint      NOT NULL DEFAULT -1,           -- rows of this table updated when the transaction came here first
  -- the limits when the transaction came here first
  agent           name  NOT NULL DEFAULT '',
  rows            bigint NOT NULL DEFAULT 0,
  rows_per_transaction bigint NOT NULL DEFAULT 0,
  whole_table     bigint NOT NULL DEFAULT 0,
  rows_per_window bigint,
  window_seconds  bigint,
  -- the same as they were before the newest statement came, so that one write tells both
  was_at    timestamptz,
  was_base  bigint,
  was_stmt  bigint,
  was_upd   bigint,
  was_ins   bigint,
  was_direct boolean,
  was_listed boolean,
  PRIMARY KEY (xid, relid, boot)
) WITH (fillfactor = 50);

-- Rows that an agent changed, by transaction and table; only where its profile sets a window.
CREATE UNLOGGED TABLE IF NOT EXISTS agentroles_guard.usage (
  agent name        NOT NULL,
  at    timestamptz NOT NULL,
  xid   xid8        NOT NULL,
  relid oid         NOT NULL,
  rows  bigint      NOT NULL,
  until timestamptz NOT NULL,  -- when the window is over that it counts in
  PRIMARY KEY (xid, relid)
);
-- Whose turn it is to be counted within its window: a row an agent, written by each transaction that is.
CREATE UNLOGGED TABLE IF NOT EXISTS agentroles_guard.turn (
  agent name        NOT NULL,
  at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (agent)
) WITH (fillfactor = 50);

-- CREATE INDEX IF NOT EXISTS locks the table even where there is nothing to do: agents at work would wait, or deadlock.
DO $do$
BEGIN
  IF to_regclass('agentroles_guard.usage_agent') IS NULL THEN
    CREATE INDEX usage_agent ON agentroles_guard.usage USING btree (agent, at);
  END IF;
END
$do$;
