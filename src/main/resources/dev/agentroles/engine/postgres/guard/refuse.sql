-- Every refusal. AR001 what the text says (no WHERE, no column in it), AR002 too many rows in one request, AR003 in one
-- transaction, AR004 a whole table, AR005 in the window, AR006 a write through code, AR007 the guard cannot do its duty.
CREATE OR REPLACE FUNCTION agentroles_guard.refuse(state text, what text, hint text) RETURNS text
LANGUAGE plpgsql AS $fn$
BEGIN
  RAISE EXCEPTION USING ERRCODE = state, MESSAGE = 'agentroles refused ' || what, HINT = hint,
    DETAIL = 'Nothing has been changed. The limits of this login stand in its agentroles profile and cannot be lifted in SQL.';
END
$fn$;

CREATE OR REPLACE FUNCTION agentroles_guard.fewer(most bigint) RETURNS text
LANGUAGE plpgsql AS $fn$
BEGIN
  RETURN format('Change at most %s rows of a table with one statement, or one message of several statements: for example by ranges of its key.', most);
END
$fn$;
