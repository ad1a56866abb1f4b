-- The one trigger function of the application's tables: BEFORE UPDATE OR DELETE, once a statement. It judges the client's
-- text before any row is touched, notes where the counters stand, and holds the statement before this one to the limits.
-- The last one is held to them at commit, by settle().
CREATE OR REPLACE FUNCTION agentroles_guard.admit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $fn$
DECLARE
  refusal text;
  ctx    text;
  lim    record;
  look   record;
  c      record;
  m      agentroles_guard.mark;
  v      record;
  r      record;
  nested boolean;
  q      text;
  readable boolean := false;                      -- by foresees_more(); never NULL, which would not end an AND
  target name;                                    -- of what plainest() or plain() knows, or
  upsert boolean := false;                        -- plainest_upsert()
  nm     text;
  st     text;
  newer  boolean;
  made   boolean;
  known  boolean;                                 -- this text was judged in this transaction
  parts  oid[] := ARRAY[TG_RELID];
  other  oid;
BEGIN
  IF current_setting('is_superuser') = 'on' THEN
    RETURN NULL;
  END IF;
  GET DIAGNOSTICS ctx = PG_CONTEXT;               -- must stay in this function: the first line is our own frame
  lim := agentroles_guard.limits_on(TG_RELID);
  IF lim.free THEN
    RETURN NULL;
  END IF;
  -- Restored from a dump by somebody who could not give it to its role again: it would look at tables with its owner's rights.
  IF has_schema_privilege('agentroles_guard', 'CREATE') THEN
    refusal := agentroles_guard.refuse('AR007', format('this statement on %s: the guard does not run as its own role here', TG_RELID::regclass),
      'The administrator must run: agentroles apply');
  END IF;
  -- What runs as another (a foreign key's action, a function of its owner) is known by the login alone.
  IF NOT has_table_privilege(session_user, 'agentroles_guard.marker', 'SELECT') THEN
    refusal := agentroles_guard.refuse('AR007',
      format('this statement on %s: login %s does not inherit the rights of its roles, so that not all changes would be counted', TG_RELID::regclass, session_user),
      format('The administrator must run: ALTER ROLE %I INHERIT', session_user));
  END IF;
  -- Any frame after our own was opened by a function, procedure, DO block or trigger: the client did not send this
  -- statement itself. (log_parameter_max_length_on_error adds an outermost one, "... with parameters: ...".)
  ctx := substr(ctx, strpos(ctx || E'\n', E'\n') + 1);
  nested := pg_trigger_depth() > 1
         OR NOT (ctx = '' OR ctx ~ '^(unnamed portal|portal ".*"|extended query) with parameters: ');
  q := current_query();
  IF NOT nested AND octet_length(q) <= 2000 THEN
    target := agentroles_guard.plainest(q);
    IF target IS NULL THEN
      target := agentroles_guard.plainest_upsert(q);
      upsert := target IS NOT NULL;
    END IF;
    readable := strpos(q, '$') = 0 OR strpos(q, '''') > 0;
  END IF;
  -- Asked at each statement, since the application may have added a key, a rule or a child meanwhile. Most tables have none
  -- of them: one look at two indexes.
  -- What the client has bound by protocol and not yet executed can be executed by FETCH, MOVE or cursor_to_xml() in any other
  -- text, also in the plainest, by a view, domain or operator that it names. Cursors of functions are theirs to have.
  SELECT k.relname AS name, k.relhassubclass OR k.relkind = 'p' AS tree, k.relam = 2 AS heap, k.relhasrules AS rules,
         k.relname = target AND NOT EXISTS (SELECT FROM pg_class n WHERE n.relname = target AND n.relhasrules) AS named,
         EXISTS (SELECT FROM pg_trigger t
                  WHERE t.tgrelid = k.oid
                    AND t.tgfoid IN ('"RI_FKey_cascade_del"'::regproc, '"RI_FKey_setnull_del"'::regproc, '"RI_FKey_setdefault_del"'::regproc,
                                     '"RI_FKey_cascade_upd"'::regproc, '"RI_FKey_setnull_upd"'::regproc, '"RI_FKey_setdefault_upd"'::regproc)) AS keys,
         CASE WHEN NOT nested THEN (SELECT array_agg(p.statement) FROM pg_cursor() p
                                     WHERE p.statement <> q AND p.statement ~* 'update|delete|merge|insert|execute') END AS bound
    INTO look FROM (SELECT) x LEFT JOIN pg_class k ON k.oid = TG_RELID;     -- an older snapshot may not see it
  IF look.tree OR NOT look.heap THEN
    parts := agentroles_guard.parts(TG_RELID);
  END IF;
  IF look.tree OR look.rules OR look.keys THEN
    other := agentroles_guard.unguarded(TG_RELID, parts, TG_OP, look.rules);
  END IF;
  IF other IS NOT NULL THEN
    refusal := agentroles_guard.refuse('AR007', format('%s on %s: rows of %s would change with it, which has no guard', TG_OP, TG_RELID::regclass, other::regclass),
      'The administrator must run: agentroles apply');
  END IF;
  IF nested AND pg_trigger_depth() = 1 AND NOT lim.functions THEN
    refusal := agentroles_guard.refuse('AR006',
      format('%s on %s: it was sent by a function, procedure or DO block', TG_OP, TG_RELID::regclass), 'Send the statement itself.');
  END IF;
  IF pg_my_temp_schema() <> 0 AND agentroles_guard.has_temp_code() THEN
    refusal := agentroles_guard.refuse('AR006',
      format('%s on %s: this session has functions, rules or triggers of its own in pg_temp', TG_OP, TG_RELID::regclass),
      'Drop them, or run DISCARD TEMP, and try again.');
  END IF;
  IF agentroles_guard.dropped_code() THEN
    refusal := agentroles_guard.refuse('AR006',
      format('%s on %s: this transaction has dropped a view, a rule or a routine, which may be at work still', TG_OP, TG_RELID::regclass),
      'End the transaction, and try again.');
  END IF;
  c := agentroles_guard.counted(TG_RELID, parts);
  -- The check at commit is queued by the first write of a transaction to the mark, and by the second, since settle() need not have noted that
  -- the first is done; after that, if none waits.
  -- A statement inside another (trigger, foreign key, function) does not move the start of the one that the client sent,
  -- nor does one of several verbs in one statement.
  INSERT INTO agentroles_guard.mark AS x
    (xid, relid, boot, at, txn_base, base, stmt_base, upd_base, ins_base, direct, tree, verbs, listed, together, due, waits, rewrites,
     agent, rows, rows_per_transaction, whole_table, rows_per_window, window_seconds)
  VALUES (pg_current_xact_id(), TG_RELID, pg_postmaster_start_time(), statement_timestamp(), c.changed, c.changed, c.changed, c.updated, c.inserted,
          NOT nested, look.tree, 0, false, false, true, true, pg_stat_get_xact_tuples_updated('agentroles_guard.mark'::regclass),
          lim.name, lim.rows, lim.rows_per_transaction, lim.whole_table, lim.rows_per_window, lim.window_seconds)
  ON CONFLICT (xid, relid, boot) DO UPDATE SET
    was_at = x.at, was_base = x.base, was_stmt = x.stmt_base, was_upd = x.upd_base, was_ins = x.ins_base,
    was_direct = x.direct, was_listed = x.listed,
    at = excluded.at,
    base = CASE WHEN x.at = excluded.at THEN x.base ELSE excluded.base END,
    (stmt_base, upd_base, ins_base, direct) = ROW (
      CASE WHEN x.at <> excluded.at OR NOT x.together AND (excluded.direct OR NOT x.direct) THEN excluded.stmt_base ELSE x.stmt_base END,
      CASE WHEN x.at <> excluded.at OR NOT x.together AND (excluded.direct OR NOT x.direct) THEN excluded.upd_base ELSE x.upd_base END,
      CASE WHEN x.at <> excluded.at OR NOT x.together AND (excluded.direct OR NOT x.direct) THEN excluded.ins_base ELSE x.ins_base END,
      CASE WHEN x.at <> excluded.at THEN excluded.direct ELSE x.direct OR excluded.direct END),
    listed = x.listed AND (excluded.direct OR pg_trigger_depth() > 1),     -- rows that a function changes are not named
    tree = excluded.tree, due = NOT x.waits OR x.was_at IS NULL, waits = true
  RETURNING x.* INTO m;
  -- The same text is judged once in a transaction: a message of 1000 statements, a loop, a row trigger that writes.
  known := look.bound IS NULL AND m.sha IS NOT NULL AND (m.sha = agentroles_guard.fingerprint(q, false) OR m.sha = agentroles_guard.fingerprint(q, true));
  IF NOT known AND target IS NULL AND look.bound IS NULL THEN
    target := agentroles_guard.plain(q);
  END IF;
  -- Where a text says no more than that it changes this very table, nothing of that name has a rule, and nothing else is bound, no code
  -- of the agent's can have led here. Looking for it takes the longer the more its roles hold. (With an older snapshot a rule may be
  -- there that this does not see, and what was bound may have been renamed since.)
  IF look.named IS NULL AND NOT nested AND (known OR strpos(q, '(') = 0) THEN     -- nothing is called
    IF NOT known THEN
      m.targets := ARRAY[target];
    END IF;
    look.named := look.name = ANY (m.targets) AND NOT EXISTS (SELECT FROM pg_class n WHERE n.relname = ANY (m.targets) AND n.relhasrules);
  END IF;
  IF NOT coalesce(look.named, false) OR look.bound IS NOT NULL OR current_setting('transaction_isolation') <> 'read committed'
     OR pg_stat_get_xact_tuples_updated('pg_class'::regclass) > 0 THEN
    st := agentroles_guard.own_code();
    IF st IS NOT NULL THEN
      refusal := agentroles_guard.refuse('AR006',
        format('%s on %s: %s, which could change what its text says', TG_OP, TG_RELID::regclass, st),
        'Drop it, or end the transaction, and try again.');
    END IF;
  END IF;
  IF m.was_at IS NOT NULL THEN
    newer := m.was_at <> m.at OR NOT m.together AND (NOT nested OR NOT m.was_direct);
    refusal := agentroles_guard.hold(TG_RELID, lim.rows, lim.rows_per_transaction, lim.whole_table,
      c.changed - m.was_stmt, c.changed - m.was_base, c.changed - m.txn_base,
      c.updated - m.was_upd + c.inserted - m.was_ins, newer AND NOT (m.was_direct AND m.was_listed));
  END IF;
  -- A trigger of the application that was deferred to the end of a transaction, where nothing was sent.
  IF q IS NULL AND pg_trigger_depth() > 1 THEN
    RETURN NULL;
  END IF;
  IF known THEN
    NULL;
  ELSIF target IS NOT NULL AND NOT upsert AND look.bound IS NULL THEN
    IF m.listed OR m.together THEN
      m.listed := false;
      m.together := false;
      m.verbs := 1;
      m.sha := NULL;
      INSERT INTO agentroles_guard.mark AS x VALUES (m.*)
      ON CONFLICT (xid, relid, boot) DO UPDATE SET verbs = 1, listed = false, together = false, sha = NULL, due = false;
    END IF;
    IF readable AND agentroles_guard.foresees_more(TG_RELID, q, NULL, lim.rows) THEN
      refusal := agentroles_guard.refuse('AR002', format('to change more than %s rows of %s at once', lim.rows, TG_RELID::regclass),
        agentroles_guard.fewer(lim.rows));
    END IF;
    RETURN NULL;
  ELSE
    v := agentroles_guard.judge_sql(q);
    FOREACH st IN ARRAY coalesce(look.bound, ARRAY[]::text[]) LOOP
      EXIT WHEN v.fault IS NOT NULL;
      r := agentroles_guard.judge_sql(st);
      IF r.verbs IS DISTINCT FROM 0 THEN
        v.listed := r.listed AND (v.listed OR v.verbs = 0);
      END IF;
      v.fault := r.fault;
      v.together := v.together OR r.together;
      v.verbs := v.verbs + r.verbs;
      v.execs := v.execs || r.execs;
    END LOOP;
    IF v.fault IS NULL THEN
      FOR nm IN SELECT DISTINCT x FROM unnest(v.execs) x LOOP
        SELECT s.statement, s.prepare_time >= statement_timestamp() INTO st, made FROM pg_prepared_statements s WHERE s.name = nm;
        IF NOT FOUND THEN
          v.fault := 'the prepared statement of its EXECUTE is not known';
          EXIT;
        END IF;
        -- What runs may have had itself replaced by what this finds. Then the new one is of this message: so is a PREPARE that the
        -- message itself begins with, but nothing tells who sent it.
        IF made THEN
          v.fault := 'the prepared statement of its EXECUTE was made by the same message; send the PREPARE before, by itself';
          EXIT;
        END IF;
        r := agentroles_guard.judge_sql(st);
        v.fault := r.fault;
        EXIT WHEN v.fault IS NOT NULL;
        v.listed := r.listed AND (v.listed OR v.verbs = 0);
        v.together := v.together OR r.together;
        v.verbs := v.verbs + r.verbs;
      END LOOP;
    END IF;
    IF v.fault IS NOT NULL THEN
      refusal := agentroles_guard.refuse('AR001', format('%s on %s: %s', TG_OP, TG_RELID::regclass, v.fault),
        format('Say which rows: add WHERE with a condition on a column. At most %s rows of a table may change at once.', lim.rows));
    END IF;
    m.verbs := v.verbs;
    v.listed := v.listed AND (NOT nested OR pg_trigger_depth() > 1);
    IF readable AND look.bound IS NULL AND v.verbs = 1 AND NOT v.listed AND v.tokens IS NOT NULL
       AND agentroles_guard.foresees_more(TG_RELID, q, v.tokens, lim.rows) THEN
      refusal := agentroles_guard.refuse('AR002', format('to change more than %s rows of %s at once', lim.rows, TG_RELID::regclass),
        agentroles_guard.fewer(lim.rows));
    END IF;
    -- What is worth a second write: it decides about the rows, or would be costly to find out again.
    IF v.listed OR v.together OR m.was_at IS NOT NULL OR octet_length(q) > 400 THEN
      INSERT INTO agentroles_guard.mark AS x VALUES (m.*)
      ON CONFLICT (xid, relid, boot) DO UPDATE
         SET verbs = v.verbs, listed = v.listed, together = v.together, due = false, targets = v.targets,
             sha = CASE WHEN look.bound IS NULL THEN agentroles_guard.fingerprint(q, cardinality(v.execs) > 0) END;
    END IF;
  END IF;
  IF NOT nested AND m.verbs = 0 THEN
    refusal := agentroles_guard.refuse('AR001',
      format('%s on %s: it does not stand in the text that was sent', TG_OP, TG_RELID::regclass),
      'Send the UPDATE or DELETE itself, not a statement that a rule makes one of.');
  END IF;
  RETURN NULL;
END
$fn$;
