package dev.agentroles.engine.postgres;

import dev.agentroles.engine.Rule;
import java.util.List;

/// One way to give an agent more power than its profile says.
///
/// @param id of the catalogue in `docs/limits.md`
/// @param carried the id that the finding carries: this one, or that of the more general way
/// @param since the first major version that has it
/// @param until the last one
/// @param inject what gives the power, with the names of [Shop#text]
/// @param mends whether the statements of the findings make everything as it was; elsewhere a person must
/// decide
record Escape(Rule rule, String id, String carried, int since, int until, String inject, boolean mends) {
    private static final String HIDDEN =
            "CREATE FUNCTION hr.peek(text, text) RETURNS text SECURITY DEFINER LANGUAGE sql AS 'SELECT sum(amount)::text FROM hr.salaries'";

    static final List<Escape> ALL = List.of(
            of(Rule.SUPERUSER, "R1", "ALTER ROLE {login} SUPERUSER"),
            of(Rule.CREATEROLE, "R3", "ALTER ROLE {login} CREATEROLE"),
            of(Rule.CREATEDB, "R4", "ALTER ROLE {login} CREATEDB"),
            of(Rule.REPLICATION, "R5", "ALTER ROLE {login} REPLICATION"),
            of(Rule.BYPASSRLS, "R6", "ALTER ROLE {login} BYPASSRLS"),
            // On 16 and later nobody becomes the tier role, and then its attributes are nobody's.
            of(Rule.CREATEROLE, "R2", "ALTER ROLE {tier} CREATEROLE").until(15),
            of(Rule.CREATEROLE, "R2", "ALTER ROLE {other} CREATEROLE; GRANT {other} TO {login}")
                    .byHand(),
            of(Rule.SUPERUSER, "R2", "ALTER ROLE {other} SUPERUSER; GRANT {other} TO {login}")
                    .byHand(),
            of(Rule.SUPERUSER, "M6", "GRANT postgres TO {login} WITH INHERIT TRUE, SET FALSE")
                    .since(16),
            of(Rule.MEMBERSHIP, "M1", "GRANT {owner} TO {login}"),
            of(Rule.MEMBERSHIP, "M2", "GRANT {other} TO {tier}; GRANT {owner} TO {other}")
                    .byHand(),
            of(Rule.MEMBERSHIP, "M3", "GRANT {owner} TO {login} WITH INHERIT FALSE, SET TRUE")
                    .since(16),
            of(Rule.MEMBERSHIP, "M4", "GRANT {owner} TO {login} WITH INHERIT TRUE, SET FALSE")
                    .since(16),
            of(
                            Rule.MEMBERSHIP,
                            "M7",
                            "COMMENT ON ROLE {other} IS 'agentroles environment=test database=db agent=x'; GRANT {other} TO {login}")
                    .carrying("M1"),
            of(Rule.MEMBERSHIP, "M5", "GRANT {owner} TO {agent} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")
                    .since(16),
            of(Rule.MEMBERSHIP_ADMIN, "M5", "GRANT {tier} TO {agent} WITH ADMIN OPTION"),
            of(Rule.MEMBERSHIP_SETTABLE, "M3", "GRANT {agent} TO {login} WITH SET TRUE")
                    .since(16),
            of(Rule.PREDEFINED_ROLE, "M8", "ALTER DATABASE {db} OWNER TO {login}")
                    .byHand(),
            of(Rule.PREDEFINED_ROLE, "P1", "GRANT pg_read_all_data TO {login}"),
            of(Rule.PREDEFINED_ROLE, "P2", "GRANT pg_write_all_data TO {tier}"),
            of(Rule.PREDEFINED_ROLE, "P3", "GRANT pg_read_server_files TO {login}"),
            of(Rule.PREDEFINED_ROLE, "P4", "GRANT pg_write_server_files TO {agent}"),
            of(Rule.PREDEFINED_ROLE, "P5", "GRANT pg_execute_server_program TO {agent}"),
            of(Rule.PREDEFINED_ROLE, "P6", "GRANT pg_monitor TO {login}"),
            of(Rule.PREDEFINED_ROLE, "P7", "GRANT pg_stat_scan_tables TO {tier}"),
            of(Rule.PREDEFINED_ROLE, "P8", "GRANT pg_signal_backend TO {login}"),
            of(Rule.PREDEFINED_ROLE, "P8", "GRANT pg_signal_autovacuum_worker TO {login}")
                    .since(18),
            of(Rule.PREDEFINED_ROLE, "P9", "GRANT pg_checkpoint TO {login}"),
            of(Rule.PREDEFINED_ROLE, "P10", "GRANT pg_maintain TO {login}").since(17),
            of(Rule.PREDEFINED_ROLE, "P11", "GRANT pg_create_subscription TO {login}")
                    .since(16),
            of(Rule.PREDEFINED_ROLE, "P12", "GRANT pg_use_reserved_connections TO {login}")
                    .since(16),
            of(
                    Rule.PREDEFINED_ROLE,
                    "P13",
                    "UPDATE pg_authid SET rolname = 'pg_later' WHERE oid = '{other}'::regrole; GRANT pg_later TO {login}"),
            of(Rule.PREDEFINED_ROLE, "P14", "CREATE ROLE rds_superuser; GRANT rds_superuser TO {login}"),
            of(Rule.GROUP_LOGIN, "R8", "ALTER ROLE {tier} LOGIN"),
            of(Rule.IMPERSONATOR, "C9", "GRANT {login} TO {other}"),
            // What another than the owner, or than who mends, has granted.
            of(
                    Rule.IMPERSONATOR,
                    "C9",
                    "GRANT {login} TO {other} WITH ADMIN OPTION; SET ROLE {other}; GRANT {login} TO {owner}; RESET ROLE"),
            of(
                    Rule.GRANT_EXCESS,
                    "G1",
                    "GRANT DELETE, UPDATE ON app.orders TO {tier}; GRANT USAGE ON SCHEMA app TO {other}; GRANT DELETE ON app.orders TO {other} WITH GRANT OPTION; SET ROLE {other}; GRANT DELETE ON app.orders TO {tier}; RESET ROLE"),
            of(
                    Rule.GRANT_EXCESS,
                    "G1",
                    "GRANT USAGE ON SCHEMA hr TO {other}; GRANT SELECT ON hr.salaries TO {other} WITH GRANT OPTION; SET ROLE {other}; GRANT SELECT ON hr.salaries TO {login}; RESET ROLE; REVOKE USAGE ON SCHEMA hr FROM {other}"),
            of(
                    Rule.GRANT_EXCESS,
                    "G5",
                    "GRANT USAGE ON SCHEMA app TO {other}; GRANT SELECT (email) ON app.customers TO {other} WITH GRANT OPTION; SET ROLE {other}; GRANT SELECT (email) ON app.customers TO {tier}; RESET ROLE"),
            of(
                    Rule.GRANT_EXCESS,
                    "G7",
                    "GRANT USAGE ON SCHEMA app TO {other}; GRANT UPDATE ON SEQUENCE app.numbers TO {other} WITH GRANT OPTION; SET ROLE {other}; GRANT UPDATE ON SEQUENCE app.numbers TO {tier}; RESET ROLE"),
            of(
                    Rule.GRANT_EXCESS,
                    "G9",
                    "GRANT USAGE ON SCHEMA hr TO {other} WITH GRANT OPTION; SET ROLE {other}; GRANT USAGE ON SCHEMA hr TO {tier}; RESET ROLE"),
            of(
                    Rule.GRANT_EXCESS,
                    "G11",
                    "GRANT TEMPORARY ON DATABASE {db} TO {other} WITH GRANT OPTION; SET ROLE {other}; GRANT TEMPORARY ON DATABASE {db} TO {agent}; RESET ROLE"),
            of(
                    Rule.DEFINER_ROUTINE,
                    "S1",
                    "REVOKE EXECUTE ON FUNCTION hr.raise() FROM PUBLIC; ALTER FUNCTION hr.raise() SET SCHEMA app; GRANT USAGE ON SCHEMA app TO {other}; GRANT EXECUTE ON FUNCTION app.raise() TO {other} WITH GRANT OPTION; SET ROLE {other}; GRANT EXECUTE ON FUNCTION app.raise() TO {tier}; RESET ROLE"),
            of(
                    Rule.PUBLIC_GRANT,
                    "G1",
                    "GRANT USAGE ON SCHEMA app TO {other}; GRANT UPDATE ON app.customers TO {other} WITH GRANT OPTION; SET ROLE {other}; GRANT UPDATE ON app.customers TO PUBLIC; RESET ROLE"),
            of(Rule.LEASE_DRIFT, "R9", "ALTER ROLE {login} CONNECTION LIMIT -1"),
            of(Rule.LEASE_EXTENDED, "R9", "ALTER ROLE {login} VALID UNTIL 'infinity'"),
            of(Rule.MEMBERSHIP_MISSING, "R7", "ALTER ROLE {agent} NOINHERIT")
                    .until(15)
                    .byHand(),
            of(Rule.OWNERSHIP, "O1", "ALTER TABLE app.orders OWNER TO {tier}").byHand(),
            of(Rule.OWNERSHIP, "O2", "ALTER SCHEMA hr OWNER TO {login}"),
            of(Rule.OWNERSHIP, "O3", "ALTER DATABASE template1 OWNER TO {login}"),
            of(Rule.OWNERSHIP, "O4", "CREATE COLLATION app.odd FROM \"C\"; ALTER COLLATION app.odd OWNER TO {login}"),
            of(
                    Rule.OWNERSHIP,
                    "O4",
                    "GRANT CREATE ON SCHEMA app TO {agent}; ALTER FUNCTION app.total(int) OWNER TO {agent}; REVOKE CREATE ON SCHEMA app FROM {agent}"),
            of(Rule.OWNERSHIP, "O5", "SELECT lo_create(4711); ALTER LARGE OBJECT 4711 OWNER TO {login}"),
            of(
                    Rule.OWNERSHIP,
                    "O6",
                    "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER h FOREIGN DATA WRAPPER w; ALTER SERVER h OWNER TO {login}"),
            of(
                    Rule.OWNERSHIP,
                    "O6",
                    "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER h FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR {agent} SERVER h"),
            of(Rule.OWNERSHIP, "C8", "CREATE PUBLICATION p; ALTER PUBLICATION p OWNER TO {login}")
                    .carrying("O6"),
            of(Rule.GRANT_EXCESS, "G1", "GRANT SELECT ON hr.salaries TO {login}"),
            of(Rule.GRANT_EXCESS, "G1", "GRANT INSERT, UPDATE ON app.orders TO {tier}"),
            of(Rule.GRANT_EXCESS, "G2", "GRANT TRUNCATE ON app.orders TO {tier}"),
            of(Rule.GRANT_EXCESS, "G3", "GRANT TRIGGER ON app.orders TO {tier}"),
            of(Rule.GRANT_EXCESS, "G4", "GRANT REFERENCES ON app.orders TO {agent}"),
            of(Rule.GRANT_EXCESS, "C7", "GRANT UPDATE ON app.orders TO {agent}").carrying("G1"),
            of(Rule.GRANT_EXCESS, "P10", "GRANT MAINTAIN ON app.orders TO {agent}")
                    .since(17),
            of(Rule.GRANT_EXCESS, "G5", "GRANT SELECT (email) ON app.customers TO {tier}"),
            of(Rule.GRANT_EXCESS, "S5", "GRANT DELETE ON app.order_ids TO {tier}"),
            of(Rule.GRANT_EXCESS, "G7", "GRANT UPDATE ON SEQUENCE app.numbers TO {tier}"),
            of(Rule.GRANT_EXCESS, "G9", "GRANT USAGE ON SCHEMA hr TO {tier}"),
            of(Rule.GRANT_EXCESS, "G10", "GRANT CREATE ON DATABASE {db} TO {agent}"),
            of(Rule.GRANT_EXCESS, "G11", "GRANT TEMPORARY ON DATABASE {db} TO {agent}"),
            of(
                    Rule.GRANT_EXCESS,
                    "G14",
                    "REVOKE EXECUTE ON FUNCTION app.total(int) FROM PUBLIC; GRANT EXECUTE ON FUNCTION app.total(int) TO {tier}"),
            of(Rule.GRANT_OPTION, "G6", "GRANT SELECT ON app.orders TO {tier} WITH GRANT OPTION"),
            of(Rule.SCHEMA_CREATE, "G8", "GRANT CREATE ON SCHEMA app TO {tier}"),
            of(Rule.CATALOG_GRANT, "G5", "GRANT UPDATE (rolsuper) ON pg_authid TO {tier}"),
            of(Rule.CATALOG_GRANT, "G23", "GRANT SELECT ON pg_authid TO {login}"),
            of(Rule.CATALOG_GRANT, "G23", "GRANT SELECT ON pg_statistic TO PUBLIC"),
            of(Rule.BUILTIN_OPENED, "S14", "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {tier}"),
            of(Rule.BUILTIN_OPENED, "S14", "GRANT EXECUTE ON FUNCTION pg_ls_dir(text) TO PUBLIC"),
            of(Rule.PUBLIC_GRANT, "G1", "GRANT UPDATE ON app.customers TO PUBLIC"),
            of(Rule.PUBLIC_GRANT, "G5", "GRANT SELECT (email) ON app.customers TO PUBLIC"),
            of(Rule.PUBLIC_GRANT, "G26", "CREATE EXTENSION pg_stat_statements SCHEMA app")
                    .carrying("G1"),
            of(Rule.PUBLIC_GRANT, "C10", "CREATE TABLE public.hosted (id int); GRANT SELECT ON public.hosted TO PUBLIC")
                    .carrying("G1"),
            of(Rule.PUBLIC_USAGE, "G9", "GRANT USAGE ON SCHEMA hr TO PUBLIC").byHand(),
            of(Rule.PUBLIC_EXECUTE, "S1", "GRANT USAGE ON SCHEMA hr TO PUBLIC").byHand(),
            of(Rule.LATENT_GRANT, "G1", "GRANT SELECT ON hr.salaries TO PUBLIC"),
            of(Rule.PUBLIC_CREATE, "G8", "GRANT CREATE ON SCHEMA public TO PUBLIC"),
            of(Rule.PUBLIC_CREATE, "G10", "GRANT CREATE ON DATABASE {db} TO PUBLIC"),
            of(Rule.PUBLIC_TEMP, "G11", "GRANT TEMPORARY ON DATABASE {db} TO PUBLIC"),
            of(Rule.PUBLIC_CONNECT, "G12", "GRANT CONNECT ON DATABASE template1 TO PUBLIC"),
            of(Rule.PUBLIC_CONNECT, "G13", "GRANT CONNECT, CREATE ON DATABASE template1 TO PUBLIC")
                    .carrying("G12"),
            of(Rule.OTHER_DATABASE, "G12", "GRANT CONNECT ON DATABASE postgres TO {login}"),
            of(Rule.PUBLIC_LARGE_OBJECTS, "S14", "GRANT EXECUTE ON FUNCTION lo_from_bytea(oid, bytea) TO PUBLIC"),
            of(Rule.LANGUAGE_OPENED, "G15", "UPDATE pg_language SET lanpltrusted = true WHERE lanname = 'c'"),
            of(Rule.LARGE_OBJECT, "G22", "SELECT lo_create(4711); GRANT SELECT ON LARGE OBJECT 4711 TO {tier}"),
            of(
                    Rule.FOREIGN_DATA_WRAPPER,
                    "G17",
                    "CREATE FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO {tier}"),
            of(
                    Rule.FOREIGN_SERVER,
                    "G18",
                    "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER h FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN SERVER h TO PUBLIC"),
            of(Rule.TABLESPACE, "G19", "GRANT CREATE ON TABLESPACE pg_default TO {agent}"),
            of(Rule.PARAMETER_SET, "G20", "GRANT SET ON PARAMETER session_replication_role TO {tier}"),
            of(Rule.PARAMETER_ALTER_SYSTEM, "G21", "GRANT ALTER SYSTEM ON PARAMETER archive_command TO {login}"),
            of(
                    Rule.DEFAULT_PRIVILEGES,
                    "G24",
                    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT ON TABLES TO {tier}"),
            of(
                    Rule.DEFAULT_PRIVILEGES,
                    "G24",
                    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA app GRANT UPDATE ON TABLES TO PUBLIC"),
            of(
                    Rule.DEFINER_ROUTINE,
                    "S1",
                    "REVOKE EXECUTE ON FUNCTION hr.raise() FROM PUBLIC; ALTER FUNCTION hr.raise() SET SCHEMA app; GRANT EXECUTE ON FUNCTION app.raise() TO {tier}"),
            of(Rule.PUBLIC_EXECUTE, "S3", "ALTER FUNCTION hr.raise() SET SCHEMA app"),
            of(Rule.PUBLIC_EXECUTE, "S2", "ALTER FUNCTION app.total(int) SECURITY DEFINER")
                    .carrying("S1"),
            of(
                    Rule.PUBLIC_EXECUTE,
                    "S1",
                    HIDDEN + "; CREATE OR REPLACE VIEW app.order_ids AS SELECT length(hr.peek('', '')) AS id"),
            of(
                    Rule.PUBLIC_EXECUTE,
                    "S1",
                    HIDDEN
                            + "; CREATE VIEW hr.inner AS SELECT length(hr.peek('', '')) AS id; CREATE OR REPLACE VIEW app.order_ids AS SELECT id FROM hr.inner"),
            of(
                    Rule.PUBLIC_EXECUTE,
                    "S1",
                    HIDDEN + "; CREATE OPERATOR app.<<<< (FUNCTION = hr.peek, LEFTARG = text, RIGHTARG = text)"),
            of(
                    Rule.PUBLIC_EXECUTE,
                    "S1",
                    "CREATE TYPE app.note AS (x text); CREATE FUNCTION hr.read(app.note) RETURNS text SECURITY DEFINER LANGUAGE sql AS 'SELECT sum(amount)::text FROM hr.salaries'; CREATE CAST (app.note AS text) WITH FUNCTION hr.read(app.note)"),
            of(
                    Rule.PUBLIC_EXECUTE,
                    "S1",
                    HIDDEN + "; CREATE DOMAIN app.checked AS text CHECK (hr.peek(VALUE, VALUE) = '')"),
            of(
                    Rule.PUBLIC_EXECUTE,
                    "S1",
                    HIDDEN + "; CREATE FUNCTION app.ask() RETURNS text LANGUAGE sql RETURN hr.peek('', '')"),
            // What an aggregate is made of, whoever calls that runs by the right of its owner.
            of(
                    Rule.PUBLIC_EXECUTE,
                    "S1",
                    HIDDEN
                            + "; REVOKE EXECUTE ON FUNCTION hr.peek(text, text) FROM PUBLIC; CREATE AGGREGATE app.peek(text) (SFUNC = hr.peek, STYPE = text)"),
            of(
                    Rule.DEFINER_ROUTINE,
                    "S1",
                    HIDDEN
                            + "; CREATE AGGREGATE app.peek(text) (SFUNC = hr.peek, STYPE = text); REVOKE EXECUTE ON FUNCTION app.peek(text) FROM PUBLIC; GRANT EXECUTE ON FUNCTION app.peek(text) TO {tier}"),
            of(
                    Rule.UNTRUSTED_ROUTINE,
                    "S12",
                    "CREATE FUNCTION app.odd(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all'"),
            of(
                    Rule.UNTRUSTED_ROUTINE,
                    "S12",
                    "CREATE FUNCTION hr.odd(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all'; CREATE DOMAIN app.checked AS text CHECK (hr.odd(VALUE) = '')"),
            of(Rule.EXTENSION_ROUTINE, "S10", "CREATE EXTENSION dblink SCHEMA app"),
            of(Rule.EXTENSION_ROUTINE, "S13", "CREATE EXTENSION pageinspect SCHEMA app"),
            of(Rule.DEFINER_VIEW, "S4", "ALTER VIEW hr.names SET SCHEMA app; GRANT SELECT ON app.names TO {tier}")
                    .byHand(),
            of(Rule.DEFINER_VIEW, "S4", "CREATE OR REPLACE VIEW app.order_ids AS SELECT id FROM hr.salaries")
                    .byHand(),
            of(
                            Rule.DEFINER_VIEW,
                            "S4",
                            "CREATE OR REPLACE VIEW app.order_ids AS SELECT id FROM app.customers WHERE email > ''")
                    .byHand(),
            // What pg_depend notes of these is a column that the agent may read.
            of(
                            Rule.DEFINER_VIEW,
                            "S4",
                            "CREATE VIEW app.everything AS SELECT c.name, c AS everything FROM app.customers c; GRANT SELECT ON app.everything TO {tier}")
                    .byHand(),
            of(
                            Rule.DEFINER_VIEW,
                            "S4",
                            "CREATE VIEW app.joined AS SELECT j.name, to_jsonb(j) AS everything FROM (app.customers c JOIN app.orders o USING (id)) j; GRANT SELECT ON app.joined TO {tier}")
                    .byHand(),
            of(
                            Rule.DEFINER_VIEW,
                            "S4",
                            "CREATE VIEW hr.everything AS SELECT c AS everything FROM app.customers c; CREATE VIEW app.both AS SELECT c.id, e.everything FROM app.customers c, hr.everything e; GRANT SELECT ON app.both TO {tier}")
                    .byHand(),
            of(
                    Rule.REWRITE_RULE,
                    "S8",
                    "CREATE RULE leak AS ON INSERT TO app.orders DO ALSO SELECT * FROM hr.salaries; GRANT INSERT (id) ON app.orders TO {tier}"),
            of(
                    Rule.REWRITE_RULE,
                    "S8",
                    "CREATE RULE clear AS ON UPDATE TO app.orders DO ALSO DELETE FROM hr.salaries; GRANT UPDATE ON app.orders TO {tier}"),
            of(
                    Rule.REWRITE_RULE,
                    "S8",
                    "CREATE RULE leak AS ON DELETE TO app.orders WHERE EXISTS (SELECT FROM hr.salaries) DO INSTEAD NOTHING; GRANT DELETE ON app.orders TO {tier}"),
            of(
                    Rule.REWRITE_RULE,
                    "S8",
                    "CREATE RULE own AS ON DELETE TO app.orders DO INSTEAD UPDATE app.orders SET status = 'gone' WHERE id = old.id; GRANT DELETE ON app.orders TO {tier}"),
            of(
                    Rule.REWRITE_RULE,
                    "S5",
                    "CREATE RULE redirect AS ON DELETE TO app.order_ids DO INSTEAD DELETE FROM hr.salaries; GRANT DELETE ON app.order_ids TO {tier}"),
            of(
                            Rule.INHERITANCE_CHILD,
                            "S6",
                            "CREATE TABLE hr.old_orders (LIKE app.orders INCLUDING ALL); ALTER TABLE hr.old_orders INHERIT app.orders")
                    .byHand(),
            of(Rule.INHERITANCE_CHILD, "S6", "CREATE TABLE hr.old_customers () INHERITS (app.customers)")
                    .byHand(),
            of(
                            Rule.INHERITANCE_CHILD,
                            "S6",
                            "CREATE TABLE hr.events (at date, what text); ALTER TABLE app.events ATTACH PARTITION hr.events FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')")
                    .byHand(),
            of(
                            Rule.SERVER_FILE_TABLE,
                            "S11",
                            "CREATE EXTENSION file_fdw; CREATE SERVER f FOREIGN DATA WRAPPER file_fdw; CREATE FOREIGN TABLE app.passwd (line text) SERVER f OPTIONS (filename '/etc/passwd'); GRANT SELECT ON app.passwd TO {tier}")
                    .byHand(),
            of(
                    Rule.SERVER_FILE_TABLE,
                    "S11",
                    "CREATE EXTENSION file_fdw; CREATE SERVER f FOREIGN DATA WRAPPER file_fdw; CREATE FOREIGN TABLE app.events_rest PARTITION OF app.events DEFAULT SERVER f OPTIONS (filename '/etc/passwd')"),
            of(Rule.RLS_OFF, "S9", "CREATE POLICY own ON app.orders USING (status <> 'secret')")
                    .byHand(),
            of(Rule.RLS_OFF, "S9", "CREATE POLICY own ON app.customers USING (name <> 'secret')")
                    .byHand(),
            of(
                            Rule.RLS_SETTABLE,
                            "S9",
                            "CREATE POLICY own ON app.orders FOR INSERT WITH CHECK (status = current_setting('app.tenant')); ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY; GRANT INSERT ON app.orders TO {tier}")
                    .byHand(),
            of(
                            Rule.RLS_OPEN,
                            "S9",
                            "CREATE POLICY own ON app.orders USING (true); ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY")
                    .byHand(),
            of(
                            Rule.RLS_SETTABLE,
                            "S9",
                            "CREATE POLICY own ON app.orders USING (status = current_setting('app.tenant')); ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY")
                    .byHand(),
            of(
                            Rule.RLS_SETTABLE,
                            "S9",
                            "CREATE POLICY own ON app.orders USING (status = current_setting('application_name')); ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY")
                    .byHand(),
            of(
                            Rule.RLS_SETTABLE,
                            "S9",
                            "CREATE POLICY own ON app.orders USING (status = current_setting(card_number, true)); ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY")
                    .byHand(),
            of(Rule.SETTING_DANGEROUS, "C1", "ALTER DATABASE {db} SET log_statement = 'none'"),
            of(Rule.SETTING_DANGEROUS, "C1", "ALTER ROLE {login} SET session_replication_role = replica"),
            of(Rule.SETTING_DANGEROUS, "C1", "ALTER DATABASE {db} SET lo_compat_privileges = on"),
            of(Rule.SETTING_DRIFT, "C1", "ALTER ROLE {login} IN DATABASE {db} SET work_mem = '1GB'"),
            of(Rule.SETTING_DRIFT, "C2", "ALTER ROLE {login} SET search_path = hr")
                    .carrying("C1"),
            of(
                            Rule.SECURITY_LABEL,
                            "G25",
                            "INSERT INTO pg_shseclabel VALUES ('{login}'::regrole, 'pg_authid'::regclass, 'guard', 'secret')")
                    .byHand(),
            of(Rule.WITNESS_BLIND, "C3", "SELECT").byHand(),
            of(Rule.WITNESS_BLIND, "C4", "SELECT").byHand(),
            of(Rule.GRANT_MISSING, "", "REVOKE SELECT ON app.events FROM {tier}")
                    .byHand(),
            of(Rule.GRANT_MISSING, "", "REVOKE USAGE ON SCHEMA app FROM {tier}").byHand());

    private static Escape of(Rule rule, String id, String inject) {
        return new Escape(rule, id, id, 15, 18, inject, true);
    }

    private Escape since(int major) {
        return new Escape(rule, id, carried, major, until, inject, mends);
    }

    private Escape until(int major) {
        return new Escape(rule, id, carried, since, major, inject, mends);
    }

    private Escape byHand() {
        return new Escape(rule, id, carried, since, until, inject, false);
    }

    private Escape carrying(String general) {
        return new Escape(rule, id, general, since, until, inject, mends);
    }

    boolean on(int major) {
        return since <= major && major <= until;
    }
}
