-- The tables whose rows a statement on this one changes: it, its partitions, what inherits from it. The server counts only what
-- is a heap here, and a part of another kind may have come since the last apply.
CREATE OR REPLACE FUNCTION agentroles_guard.parts(rel oid) RETURNS oid[]
LANGUAGE plpgsql AS $fn$
DECLARE
  refusal text;
  parts   oid[];
  other   oid;
BEGIN
  WITH RECURSIVE part(oid, counts, parent) AS (
      SELECT c.oid, c.relkind = 'p' OR c.relam = 2, c.relhassubclass FROM pg_class c WHERE c.oid = rel      -- 2: heap
    UNION
      SELECT c.oid, c.relkind = 'p' OR c.relam = 2, c.relhassubclass
        FROM part JOIN pg_inherits h ON h.inhparent = part.oid JOIN pg_class c ON c.oid = h.inhrelid WHERE part.parent)
  SELECT array_agg(part.oid), min(part.oid) FILTER (WHERE NOT part.counts) INTO parts, other FROM part;
  IF other IS NOT NULL THEN
    refusal := agentroles_guard.refuse('AR007',
      format('this statement on %s: rows of %s, a foreign table or one of another access method, are not counted', rel::regclass, other::regclass),
      'Name the partition that holds the rows, if the administrator guards it; else the table must be taken out of this one.');
  END IF;
  RETURN parts;
END
$fn$;

-- A table that changes with this one and has no guard: the application added a foreign key or a rule after the last apply. The
-- rows would not be counted, so the agent is held until there is a guard. Asked only in sessions of agents.
--
-- parts      of the table
-- operation  UPDATE or DELETE
-- rules      whether the table has any
CREATE OR REPLACE FUNCTION agentroles_guard.unguarded(rel oid, parts oid[], operation text, rules boolean) RETURNS oid
LANGUAGE plpgsql AS $fn$
DECLARE
  found oid;
  -- what foreign keys do with CASCADE, SET NULL and SET DEFAULT
  keys CONSTANT oid[] := CASE operation
    WHEN 'DELETE' THEN '{"\"RI_FKey_cascade_del\"","\"RI_FKey_setnull_del\"","\"RI_FKey_setdefault_del\""}'::regproc[]::oid[]
    ELSE '{"\"RI_FKey_cascade_upd\"","\"RI_FKey_setnull_upd\"","\"RI_FKey_setdefault_upd\""}'::regproc[]::oid[] END;
BEGIN
  SELECT t.tgconstrrelid INTO found FROM pg_trigger t
   WHERE t.tgrelid = ANY (parts) AND t.tgfoid = ANY (keys)
     AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.tgconstrrelid AND g.tgname = 'agentroles_guard' AND g.tgenabled = 'A')
   LIMIT 1;
  IF found IS NULL AND rules THEN
    WITH RECURSIVE ruled(oid) AS (
        SELECT d.refobjid
          FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
                                            AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> w.ev_class
         WHERE w.ev_class = rel AND w.ev_type = CASE operation WHEN 'UPDATE' THEN '2' ELSE '4' END AND w.ev_enabled <> 'D'
           -- UPDATE, DELETE and MERGE as the tree of a statement numbers them, and ON CONFLICT DO UPDATE
           AND w.ev_action::text ~ ':commandType [245] |:onConflict \{'
      UNION
        SELECT d.refobjid
          FROM ruled JOIN pg_class v ON v.oid = ruled.oid AND v.relkind = 'v' JOIN pg_rewrite w ON w.ev_class = v.oid
          JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
                          AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> v.oid)
    SELECT t.oid INTO found FROM ruled JOIN pg_class t ON t.oid = ruled.oid AND t.relkind IN ('r', 'p', 'f')
     WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.oid AND g.tgname = 'agentroles_guard' AND g.tgenabled = 'A')
     LIMIT 1;
  END IF;
  RETURN found;
END
$fn$;
