package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.engine.StatementForm;
import dev.agentroles.engine.StatementForm.Effect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a statement of PostgreSQL is by its form.
final class StatementFormsTest {
    private static StatementForm form(String statement) {
        return StatementForms.JUDGE.form(statement);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CREATE TABLE app.orders (id int, note text DEFAULT 'a;b') | CREATE TABLE | ADDS
            create unlogged table if not exists app.orders ();        | CREATE UNLOGGED TABLE | ADDS
            CREATE UNIQUE INDEX by_day ON app.orders (day)            | CREATE UNIQUE INDEX | ADDS
            CREATE OR REPLACE VIEW app.v AS SELECT 1; -- the end      | CREATE VIEW | CHANGES
            CREATE SCHEMA app                                         | CREATE SCHEMA | ADDS
            CREATE MATERIALIZED VIEW app.m AS SELECT setval FROM app.a | CREATE MATERIALIZED VIEW | ADDS
            CREATE TYPE app.state AS ENUM ('a', 'b')                  | CREATE TYPE | ADDS
            CREATE POLICY own ON app.orders USING (true)              | CREATE POLICY | CHANGES
            CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS $a$ SELECT 1; SELECT 2 $a$ | CREATE FUNCTION | BRINGS_CODE
            CREATE FUNCTION app.f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END | CREATE FUNCTION | BRINGS_CODE
            CREATE TRIGGER t AFTER INSERT OR UPDATE OF a ON app.orders EXECUTE FUNCTION app.f() | CREATE TRIGGER | BRINGS_CODE
            CREATE RULE r AS ON INSERT TO app.v DO INSTEAD NOTHING    | CREATE RULE | BRINGS_CODE
            CREATE OPERATOR app.=== (FUNCTION = app.same, LEFTARG = int, RIGHTARG = int) | CREATE OPERATOR | BRINGS_CODE
            ALTER OPERATOR app.=== (int, int) SET (RESTRICT = NONE)   | ALTER OPERATOR | CHANGES
            DROP OPERATOR app.=== (int, int), app.~~ (NONE, int)      | DROP OPERATOR | DESTROYS
            COMMENT ON OPERATOR app.=== (int, int) IS 'x'             | COMMENT ON OPERATOR | CHANGES
            ALTER TABLE app.orders ADD note text                      | ALTER TABLE | CHANGES
            ALTER TABLE app.orders DROP COLUMN note                   | ALTER TABLE | DESTROYS
            ALTER TABLE app.orders DROP CONSTRAINT positive           | ALTER TABLE | CHANGES
            ALTER TYPE app.state ADD VALUE 'c'                        | ALTER TYPE | CHANGES
            ALTER FUNCTION app.f() STABLE                             | ALTER FUNCTION | BRINGS_CODE
            DROP TABLE app.a, app.b CASCADE                           | DROP TABLE | DESTROYS
            DROP FUNCTION app.f(int, text)                            | DROP FUNCTION | DESTROYS
            COMMENT ON COLUMN app.orders.note IS 'x'                  | COMMENT ON COLUMN | CHANGES
            COMMENT ON CONSTRAINT positive ON app.orders IS 'x'       | COMMENT ON CONSTRAINT | CHANGES
            TRUNCATE app.orders                                       | TRUNCATE TABLE | DESTROYS
            """)
    void aChangeOfASchemaIsOne(String statement, String words, Effect effect) {
        var form = form(statement);

        assertThat(form.unfit()).isEmpty();
        assertThat(form.words()).isEqualTo(words);
        assertThat(form.effect()).isEqualTo(effect);
        assertThat(form.alone()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                ";",
                "-- nothing",
                "\0",
                "CREATE TABLE app.a (\0)",
                "SELECT 1",
                "WITH a AS (SELECT 1) DELETE FROM app.orders",
                "(SELECT 1)",
                "TABLE app.orders",
                "CREATE MATERIALIZED VIEW app.m AS SELECT setval('app.orders_id_seq', 1)",
                "CREATE MATERIALIZED VIEW app.m AS SELECT pg_catalog.\"setval\"('app.orders_id_seq', 1)",
                "CREATE TABLE app.p PARTITION OF app.o FOR VALUES IN (setval('app.orders_id_seq', 1))",
                "ALTER TABLE app.orders ADD a text DEFAULT dblink_exec('dbname=shop', 'DROP TABLE app.a')",
                "ALTER TABLE app.orders ALTER a TYPE oid USING pg_catalog.lo_import('/x')",
                "INSERT INTO app.orders VALUES (1)",
                "SELECT 1 INTO app.copy",
                "CREATE TABLE app.copy AS SELECT 1",
                "CREATE TABLE app.copy (a) AS EXECUTE q",
                "CREATE TEMP TABLE a ()",
                "CREATE LOCAL TEMPORARY VIEW a AS SELECT 1",
                "DROP TABLE app.a; DROP TABLE app.b",
                "DROP TABLE app.a;;",
                "DROP TABLE app.a; --x\n SELECT 1",
                "DROP TABLE app.a /* /* */ ; SELECT 1",
                "COMMENT ON TABLE app.a IS 'x",
                "COMMENT ON TABLE app.a IS $a$ x $b$",
                "CREATE VIEW app.\"v AS SELECT 1",
                "COMMENT ON TABLE app.a IS E'\\'; DROP TABLE app.b; --'; SELECT 1",
                "CREATE FUNCTION app.f() RETURNS int BEGIN ATOMIC SELECT 1; END; DROP TABLE app.a",
                "CREATE FUNCTION app.f() RETURNS int BEGIN ATOMIC SELECT 1 case; END; DROP TABLE app.a; END",
                "CREATE FUNCTION app.f() RETURNS int BEGIN ATOMIC SELECT 1;",
                "BEGIN",
                "COMMIT",
                "START TRANSACTION",
                "ROLLBACK",
                "PREPARE TRANSACTION 'x'",
                "SET search_path = app",
                "RESET ALL",
                "LOCK TABLE app.a",
                "DISCARD ALL",
                "GRANT SELECT ON app.a TO x",
                "REVOKE ALL ON app.a FROM x",
                "CREATE ROLE x",
                "ALTER USER x SUPERUSER",
                "DROP OWNED BY x",
                "REASSIGN OWNED BY x TO y",
                "ALTER TABLE app.a OWNER TO x",
                "ALTER TABLE app.a ADD b int, OWNER TO x",
                "ALTER FUNCTION app.f() OWNER TO x",
                "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x",
                "CREATE SCHEMA a AUTHORIZATION x",
                "CREATE SCHEMA a CREATE TABLE b () GRANT SELECT ON b TO x",
                "SECURITY LABEL ON TABLE app.a IS 'x'",
                "COPY app.a FROM PROGRAM 'x'",
                "DO $$ BEGIN END $$",
                "CALL app.p()",
                "EXPLAIN ANALYZE DELETE FROM app.a",
                "CREATE EXTENSION dblink",
                "DROP EXTENSION dblink",
                "CREATE LANGUAGE plperl",
                "CREATE TRUSTED LANGUAGE x",
                "CREATE SERVER s FOREIGN DATA WRAPPER f",
                "CREATE FOREIGN TABLE app.f () SERVER s",
                "CREATE USER MAPPING FOR x SERVER s",
                "IMPORT FOREIGN SCHEMA a FROM SERVER s INTO app",
                "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
                "CREATE PUBLICATION p FOR ALL TABLES",
                "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION app.f()",
                "CREATE OPERATOR CLASS app.c DEFAULT FOR TYPE int USING btree AS OPERATOR 1 <",
                "DROP OPERATOR CLASS app.c USING btree",
                "CREATE OPERATOR FAMILY app.f USING btree",
                "ALTER OPERATOR FAMILY app.f USING btree ADD FUNCTION 1 (int, int) app.compare(int, int)",
                "CREATE OPERATOR pg_catalog.=== (FUNCTION = app.same, LEFTARG = int)",
                "CREATE OPERATOR app (FUNCTION = app.same)",
                "CREATE DATABASE d",
                "DROP DATABASE d",
                "ALTER SYSTEM SET x = 1",
                "ALTER DATABASE d SET search_path = x",
                "CREATE TABLESPACE t LOCATION '/'",
                "VACUUM app.a",
                "REINDEX TABLE app.a",
                "REFRESH MATERIALIZED VIEW app.m",
                "DROP TABLE agentroles.journal",
                "CREATE TABLE agentroles_changes.x ()",
                "DROP SCHEMA agentroles CASCADE",
                "DROP TRIGGER agentroles_guard ON app.orders",
                "DROP TABLE \"agentroles\".journal",
                "DROP TABLE U&\"\\0061gentroles\".journal",
                "ALTER TABLE app.a SET SCHEMA agentroles_guard",
                "ALTER TABLE app.orders DISABLE TRIGGER ALL",
                "ALTER TABLE app.orders DISABLE TRIGGER USER",
                "ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b",
                "DROP TABLE pg_catalog.pg_class",
                "CREATE TABLE information_schema.x ()",
                "DROP SCHEMA pg_toast",
                "CREATE POLICY p ON app.orders TO ar_shop_bot USING (true)",
                "DROP TABLE app.a -- x\r, app.b",
                "COMMENT ON TABLE app.a IS '\u202e'",
                "DROP TABLE app.a\u00a0",
                "DROP TABLE app.or\u200bders",
                "DROP TABLE app.a \u2028",
                "CREATE TABLE app.a (b int) \\; DROP TABLE app.b",
                "CREATE AGGREGATE",
                "CREATE",
                "DROP",
                "ALTER",
                "ALTER TABLE",
                "COMMENT ON",
                "NONSENSE"
            })
    void whatIsNoneIsUnfit(String statement) {
        assertThat(form(statement).unfit()).isPresent();
    }

    @Test
    void aTextLongerThanAPersonReadsIsUnfit() {
        var form = form("COMMENT ON TABLE app.a IS '" + "x".repeat(65_536) + "'");

        assertThat(form.unfit()).hasValueSatisfying(clause -> assertThat(clause).contains("65536"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CREATE INDEX a ON app.orders (b)                       | nobody writes to the table
            ALTER TABLE app.orders ALTER total TYPE bigint         | may be written anew
            ALTER TABLE app.orders ADD a uuid DEFAULT app.f()      | may be written anew
            ALTER TABLE app.orders ADD a int                       | nobody reads or writes the table
            ALTER TABLE app.orders ADD CHECK (a > 0)               | every row
            ALTER TABLE app.orders DISABLE ROW LEVEL SECURITY      | ROW SECURITY OFF
            DROP TABLE app.orders CASCADE                          | whatever depends on it
            DROP TABLE IF EXISTS app.orders                        | no error tells
            DROP TABLE orders                                      | no schema for orders
            DROP OPERATOR === (int, int)                           | no schema for ===
            CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS '' | SECURITY DEFINER
            ALTER FUNCTION app.f() SECURITY DEFINER                | SECURITY DEFINER
            ALTER TABLE app.orders RENAME TO sales                 | the old name
            ALTER SEQUENCE app.numbers RESTART WITH 1              | numbers that were given before
            ALTER TABLE app.orders ALTER id SET INCREMENT 1 RESTART | numbers that were given before
            TRUNCATE app.orders RESTART IDENTITY CASCADE           | numbers that were given before
            CREATE VIEW app.v AS SELECT 1                          | rights of its owner
            CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1 FROM agentroles.lease' | names agentroles
            """)
    void aPersonIsWarned(String statement, String words) {
        assertThat(form(statement).unfit()).isEmpty();
        assertThat(String.join("; ", form(statement).warnings())).contains(words);
    }

    @Test
    void theSchemaOfAnOperatorIsSeen() {
        assertThat(form("DROP OPERATOR app.=== (int, int)").warnings()).isEmpty();
    }

    /// A terminal shows the end of it somewhere else.
    @Test
    void whatStandsBehindAGapIsTold() {
        assertThat(form("ALTER TABLE a ADD b int" + " ".repeat(60) + ", DROP c").warnings())
                .anyMatch(clause -> clause.contains("gap"));
        assertThat(form("ALTER TABLE a ADD b int\n" + "\t\r\n".repeat(20) + ", DROP c")
                        .warnings())
                .anyMatch(clause -> clause.contains("gap"));
        assertThat(form("ALTER TABLE a\n\n        ADD b int" + " \n".repeat(60)).warnings())
                .noneMatch(clause -> clause.contains("gap"));
    }

    @Test
    void aNameOfSeveralAlphabetsIsTold() {
        assertThat(form("DROP TABLE app.оrders").warnings()).anyMatch(clause -> clause.contains("several alphabets"));
    }

    /// The schema is in Cyrillic letters throughout.
    @Test
    void aNameThatLooksLatinIsTold() {
        assertThat(form("DROP TABLE арр.orders").warnings())
                .contains("the name арр looks as if it were in Latin letters, and is not");
        assertThat(form("DROP TABLE заказы").warnings()).noneMatch(clause -> clause.contains("Latin"));
    }

    /// The beginning of a long text is gone from the screen when its end is read.
    @Test
    void aTextThatIsNotSeenAtAGlanceIsTold() {
        assertThat(form("ALTER TABLE a DROP c, /*\n" + "--\n".repeat(300) + "*/ ADD b int")
                        .warnings())
                .contains("it has 302 lines: read it from its beginning");
        assertThat(form("ALTER TABLE a ADD b int /*" + "-".repeat(1000) + "*/, DROP c")
                        .warnings())
                .contains("a line in it has more than 1000 characters: read it to its end");
        assertThat(form("ALTER TABLE a\n" + "--\n".repeat(100) + "ADD b int").warnings())
                .noneMatch(clause -> clause.contains("read it"));
    }

    @Test
    void aQueryThatIsGivenAsATextIsTold() {
        assertThat(form("ALTER TABLE app.a ADD b xml DEFAULT pg_catalog.query_to_xml('SELECT 1', true, true, '')")
                        .warnings())
                .contains(
                        "it calls query_to_xml, which runs a query that it is given as a text, with all that the owner"
                                + " of the schema may");
        assertThat(form("ALTER TABLE app.a ADD b xml DEFAULT now()").warnings())
                .noneMatch(clause -> clause.contains("it calls"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE INDEX CONCURRENTLY a ON app.orders (b)",
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a ON app.orders (b)",
                "DROP INDEX CONCURRENTLY app.a",
                "ALTER TABLE app.orders DETACH PARTITION app.old CONCURRENTLY"
            })
    void whatRunsOutsideATransactionIsTold(String statement) {
        assertThat(form(statement).unfit()).isEmpty();
        assertThat(form(statement).alone()).isTrue();
    }
}
