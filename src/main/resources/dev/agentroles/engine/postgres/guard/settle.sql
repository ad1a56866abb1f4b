-- Holds the last statement on each table to the limits when the transaction commits (or prepares to, or when the client
-- makes constraints immediate: then a later statement queues the next check).
CREATE OR REPLACE FUNCTION agentroles_guard.settle() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $fn$
DECLARE
  refusal text;
  ctx  text;
  c    record;
  m    agentroles_guard.mark;
  used numeric;
BEGIN
  -- The client has made constraints immediate, and admit() has just now queued this: it is put off. No transaction ends inside a trigger.
  IF pg_trigger_depth() > 1 THEN
    SET CONSTRAINTS agentroles_guard.settle DEFERRED;
    INSERT INTO agentroles_guard.mark AS x (xid, relid, boot) VALUES (NEW.xid, NEW.relid, NEW.boot)
    ON CONFLICT (xid, relid, boot) DO UPDATE SET due = true;
    RETURN NULL;
  END IF;
  GET DIAGNOSTICS ctx = PG_CONTEXT;
  -- In the middle of a statement nothing can be told; and one statement that commits several times would be none.
  ctx := substr(ctx, strpos(ctx || E'\n', E'\n') + 1);
  IF NOT (ctx = '' OR ctx ~ '^(unnamed portal|portal ".*"|extended query) with parameters: ') THEN
    refusal := agentroles_guard.refuse('AR006', 'COMMIT or SET CONSTRAINTS in code after a change of ' || NEW.relid::regclass,
      'Send it itself, as a statement of its own.');
  END IF;
  -- Where no mark was written again since, the one that queued this check is as it was. It goes on saying that a check waits, though more may
  -- come yet: a trigger of the application that is deferred, too; a cursor WITH HOLD, which is filled last of all; anything, if it was
  -- SET CONSTRAINTS that led here. So admit() queues another with its second write to a mark, whatever it says.
  IF pg_stat_get_xact_tuples_updated('agentroles_guard.mark'::regclass) = NEW.rewrites THEN
    m := NEW;
  ELSE
    INSERT INTO agentroles_guard.mark AS x (xid, relid, boot) VALUES (NEW.xid, NEW.relid, NEW.boot)
    ON CONFLICT (xid, relid, boot) DO UPDATE SET due = false, waits = false RETURNING x.* INTO m;
  END IF;
  c := agentroles_guard.counted(m.relid, CASE WHEN m.tree THEN agentroles_guard.parts(m.relid) ELSE ARRAY[m.relid] END);
  refusal := agentroles_guard.hold(m.relid, m.rows, m.rows_per_transaction, m.whole_table,
    c.changed - m.stmt_base, c.changed - m.base, c.changed - m.txn_base,
    c.updated - m.upd_base + c.inserted - m.ins_base, NOT (m.direct AND m.listed));
  IF m.rows_per_window IS NOT NULL AND c.changed > m.txn_base THEN
    -- One transaction of an agent after the other, until it has ended: no other has rows that this one does not see. One whose
    -- snapshot is older than the last turn fails to serialize; one that was prepared keeps the turn.
    INSERT INTO agentroles_guard.turn AS t (agent) VALUES (m.agent) ON CONFLICT (agent) DO UPDATE SET at = clock_timestamp();
    INSERT INTO agentroles_guard.usage AS u (agent, at, xid, relid, rows, until)
    VALUES (m.agent, clock_timestamp(), m.xid, m.relid, c.changed - m.txn_base, clock_timestamp() + make_interval(secs => m.window_seconds))
    ON CONFLICT (xid, relid) DO UPDATE SET rows = excluded.rows, at = excluded.at, until = excluded.until;
    SELECT sum(u.rows) INTO used FROM agentroles_guard.usage u
     WHERE u.agent = m.agent AND u.at > clock_timestamp() - make_interval(secs => m.window_seconds);
    IF used > m.rows_per_window THEN
      refusal := agentroles_guard.refuse('AR005', format('to change %s rows within %s: the limit is %s', used,
          CASE WHEN m.window_seconds % 86400 = 0 THEN m.window_seconds / 86400 || 'd'
               WHEN m.window_seconds % 3600 = 0 THEN m.window_seconds / 3600 || 'h'
               WHEN m.window_seconds % 60 = 0 THEN m.window_seconds / 60 || 'm'
               ELSE m.window_seconds || 's' END, m.rows_per_window),
        'Wait, and change fewer rows.');
    END IF;
  END IF;
  -- What ended transactions left has no use. Under SERIALIZABLE it is left to `agentroles reap`: any two transactions of
  -- agents would fail on what this reads. By the index, from the oldest on: a look at the whole table would take the longer the more is
  -- dead in it, so it is planned each time, for the size that the table has then. (A range
  -- of two ends is taken for a small part of the table where nothing is known of it.)
  IF random() < 0.001 AND current_setting('transaction_isolation') <> 'serializable' THEN
    EXECUTE 'DELETE FROM agentroles_guard.mark WHERE ctid = ANY (ARRAY(
      SELECT o.ctid FROM agentroles_guard.mark o
       WHERE o.xid >= ''0'' AND o.xid < $1 ORDER BY o.xid LIMIT 10000 FOR UPDATE SKIP LOCKED))' USING pg_snapshot_xmin(pg_current_snapshot());
    IF m.rows_per_window IS NOT NULL THEN
      EXECUTE 'DELETE FROM agentroles_guard.usage WHERE ctid = ANY (ARRAY(
        SELECT o.ctid FROM agentroles_guard.usage o
         WHERE o.agent = $1 AND o.at < $2 AND o.until < clock_timestamp() ORDER BY o.at LIMIT 10000 FOR UPDATE SKIP LOCKED))'
        USING m.agent, clock_timestamp() - make_interval(secs => m.window_seconds);
    END IF;
  END IF;
  RETURN NULL;
END
$fn$;

DO $do$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'agentroles_guard.mark'::regclass AND tgname = 'settle') THEN
    CREATE CONSTRAINT TRIGGER settle AFTER INSERT OR UPDATE ON agentroles_guard.mark DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.due) EXECUTE FUNCTION agentroles_guard.settle();
  END IF;
  -- Only where it is needed: it locks out every agent that writes.
  IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'agentroles_guard.mark'::regclass AND tgname = 'settle' AND tgenabled <> 'A') THEN
    ALTER TABLE agentroles_guard.mark ENABLE ALWAYS TRIGGER settle;
  END IF;
END
$do$;
