-- How many rows this session has changed and inserted in a table, by the server's own counters: C memory, and no SQL
-- function sets or lowers them. They never fall inside a transaction, count rows of rolled-back savepoints too, and may
-- still hold earlier transactions of the session, so only differences mean anything. A partitioned or inherited table is
-- the sum of its parts; a row that moves between partitions is deleted in one and inserted in another.
CREATE OR REPLACE FUNCTION agentroles_guard.counted(rel oid, parts oid[], OUT changed bigint, OUT updated bigint, OUT inserted bigint) RETURNS record
LANGUAGE plpgsql AS $fn$
DECLARE
  refusal text;
BEGIN
  IF cardinality(parts) > 1 THEN
    SELECT sum(pg_stat_get_xact_tuples_updated(p)), sum(pg_stat_get_xact_tuples_inserted(p)),
           sum(pg_stat_get_xact_tuples_updated(p) + pg_stat_get_xact_tuples_deleted(p))
      INTO updated, inserted, changed FROM unnest(parts) p;
  ELSE
    updated := pg_stat_get_xact_tuples_updated(rel);
    inserted := pg_stat_get_xact_tuples_inserted(rel);
    changed := updated + pg_stat_get_xact_tuples_deleted(rel);
  END IF;
  IF changed IS NULL OR inserted IS NULL OR current_setting('track_counts') <> 'on' THEN
    refusal := agentroles_guard.refuse('AR007', format('this statement on %s: its rows cannot be counted', rel::regclass),
      'The administrator must see to it that track_counts is on.');
  END IF;
END
$fn$;

-- Code that the session made itself in its temporary schema: functions, rules, triggers. It would stand between the
-- client's text and what is executed.
CREATE OR REPLACE FUNCTION agentroles_guard.has_temp_code() RETURNS boolean
LANGUAGE plpgsql AS $fn$
DECLARE
  ns oid := pg_my_temp_schema();
BEGIN
  IF ns = 0 THEN
    RETURN false;
  END IF;
  RETURN EXISTS (SELECT 1 FROM pg_proc p WHERE p.pronamespace = ns)
      OR EXISTS (SELECT 1 FROM pg_class c JOIN pg_rewrite r ON r.ev_class = c.oid
                  WHERE c.relnamespace = ns AND r.rulename <> '_RETURN')
      OR EXISTS (SELECT 1 FROM pg_class c JOIN pg_trigger g ON g.tgrelid = c.oid
                  WHERE c.relnamespace = ns AND NOT g.tgisinternal);
END
$fn$;

-- Code that the agent, by any of its logins, owns elsewhere, as where PUBLIC may create something in a schema: a routine, or a
-- relation with rules or triggers. A rule would stand between the text and what is executed.
--
-- With REPEATABLE READ and SERIALIZABLE a look at the catalogs does not see what is newer than the transaction's snapshot, and
-- the server uses it all the same. What it changes is locked: a relation that cannot be seen, or that may have got a rule or
-- trigger since, counts as code.
CREATE OR REPLACE FUNCTION agentroles_guard.own_code() RETURNS text
LANGUAGE plpgsql AS $fn$
DECLARE
  me    oid := to_regrole(quote_ident(session_user));
  mine  oid[];
  above oid[];                           -- three levels above the login, and higher
  found text;
BEGIN
  -- In few queries, and whether they own anything first: asked at each statement, and a recursive query costs four times as much.
  SELECT array_agg(r.oid), array_agg(r.oid) FILTER (WHERE r.level = 3) INTO mine, above
    FROM (SELECT me, 0
          UNION ALL
          SELECT x.oid, x.level
            FROM pg_auth_members a LEFT JOIN pg_auth_members b ON b.member = a.roleid LEFT JOIN pg_auth_members c ON c.member = b.roleid,
                 LATERAL (VALUES (a.roleid, 1), (b.roleid, 2), (c.roleid, 3)) x(oid, level)
           WHERE a.member = me AND x.oid IS NOT NULL
          UNION ALL
          SELECT o.member, 1
            FROM pg_auth_members a JOIN pg_auth_members o ON o.roleid = a.roleid AND NOT o.admin_option
            JOIN pg_shdescription d ON d.objoid = o.member AND d.classoid = 'pg_authid'::regclass AND d.description ^@ 'agentroles '
           WHERE a.member = me) r(oid, level);
  WHILE above IS NOT NULL LOOP
    SELECT array_agg(m.roleid) INTO above FROM pg_auth_members m WHERE m.member = ANY (above) AND m.roleid <> ALL (mine);
    mine := mine || above;
  END LOOP;
  IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
    SELECT format('it changes %s with a snapshot that may be older', coalesce(pg_describe_object('pg_class'::regclass, l.relation, 0), 'relation ' || l.relation)) INTO found
      FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation
     WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.mode = 'RowExclusiveLock'
       AND l.database = (SELECT b.oid FROM pg_database b WHERE b.datname = current_database())
       AND (c.oid IS NULL OR c.relowner = ANY (mine) AND (c.relhasrules OR c.relhastriggers OR c.xmax <> '0'))
     LIMIT 1;
    IF found IS NOT NULL THEN
      RETURN found;
    END IF;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = ANY (mine) AND d.deptype = 'o') THEN
    RETURN NULL;
  END IF;
  RETURN (
    SELECT 'this login or another of its agent owns ' || pg_describe_object(d.classid, d.objid, 0)
      FROM pg_shdepend d
     WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = ANY (mine) AND d.deptype = 'o'
       AND d.dbid = (SELECT b.oid FROM pg_database b WHERE b.datname = current_database())
       AND (d.classid = 'pg_proc'::regclass
            OR d.classid = 'pg_class'::regclass
               AND (EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = d.objid AND r.rulename <> '_RETURN')
                    OR EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = d.objid AND NOT g.tgisinternal)))
     LIMIT 1);
END
$fn$;

-- Whether this transaction has dropped a rule, a view or a routine. What was bound by protocol before still does what a rule said that
-- is gone, and a function may drop itself while it runs. The counter alone may still hold earlier transactions; the locks last
-- as long as what was dropped can come back, and where code has committed since, now() is later than the client's statement.
CREATE OR REPLACE FUNCTION agentroles_guard.dropped_code() RETURNS boolean
LANGUAGE plpgsql AS $fn$
BEGIN
  IF pg_stat_get_xact_tuples_deleted('pg_rewrite'::regclass) + pg_stat_get_xact_tuples_deleted('pg_proc'::regclass) = 0 THEN
    RETURN false;
  END IF;
  RETURN now() > statement_timestamp()
      OR EXISTS (SELECT FROM pg_locks l
                  WHERE l.pid = pg_backend_pid() AND l.locktype = 'object' AND l.mode = 'AccessExclusiveLock'
                    AND l.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass));
END
$fn$;

-- Holds what has been changed against the limits. A statement that has ended must also have left a row that it did not
-- touch, if it touched more than a few.
--
-- most, most_txn, whole  the limits
-- n_stmt, n_req, n_txn   rows changed by the newest statement, request, transaction
-- ours                   rows that are there and were updated or inserted since the statement began
CREATE OR REPLACE FUNCTION agentroles_guard.hold(rel oid, most bigint, most_txn bigint, whole bigint, n_stmt bigint, n_req bigint, n_txn bigint, ours bigint, whole_matters boolean) RETURNS text
LANGUAGE plpgsql AS $fn$
DECLARE
  refusal text;
  more boolean;
BEGIN
  IF n_stmt BETWEEN 0 AND n_req AND n_req <= n_txn AND ours >= 0 AND n_req <= most AND n_txn <= most_txn AND (n_stmt <= whole OR NOT whole_matters) THEN
    RETURN NULL;                                  -- as nearly always
  END IF;
  IF n_stmt IS NULL OR n_stmt < 0 OR n_req < n_stmt OR n_txn < n_req OR ours IS NULL OR ours < 0 THEN
    refusal := agentroles_guard.refuse('AR007', format('this transaction: the counters of %s went backwards', rel::regclass),
      'Roll back and try again.');
  END IF;
  IF n_req > most THEN
    refusal := agentroles_guard.refuse('AR002', format('to change %s rows of %s at once: the limit is %s', n_req, rel::regclass, most),
      agentroles_guard.fewer(most));
  END IF;
  IF n_txn > most_txn THEN
    refusal := agentroles_guard.refuse('AR003', format('to change %s rows of %s in one transaction: the limit is %s', n_txn, rel::regclass, most_txn),
      format('Commit after at most %s rows of a table.', most_txn));
  END IF;
  IF whole_matters AND n_stmt > whole THEN
    -- Reads no more rows than the transaction has made, and one.
    more := agentroles_guard.look(format('SELECT EXISTS (SELECT 1 FROM %s OFFSET %s)', rel::regclass, ours));
    IF more IS NULL OR NOT more AND agentroles_guard.hides_rows(rel) THEN
      refusal := agentroles_guard.refuse('AR007', format('to change %s rows of %s: whether others are left cannot be told, as %s', n_stmt, rel::regclass,
          CASE WHEN more IS NULL THEN 'the guard may not read it' ELSE 'row security hides rows from the guard' END),
        'The administrator must run: agentroles apply');
    END IF;
    IF NOT more THEN
      refusal := agentroles_guard.refuse('AR004', format('to change or delete all %s rows of %s with one statement', n_stmt, rel::regclass),
        format('A table of more than %s rows is never rewritten or emptied at once: say which rows.', whole));
    END IF;
  END IF;
  RETURN NULL;
END
$fn$;
