package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.engine.SchemaSession;
import dev.agentroles.engine.SchemaSession.Bounds;
import dev.agentroles.engine.SchemaSession.Fate;
import dev.agentroles.engine.SchemaSession.Trial;
import dev.agentroles.engine.Server;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Statements that the owner of a schema tries and runs.
@OnEachPostgreSql
final class SchemaTest {
    private static final Bounds BOUNDS = new Bounds(Duration.ofMillis(500), Duration.ofSeconds(20));

    private final PostgresEngine engine = new PostgresEngine();

    @AutoClose
    private final Database database;

    private final Login owner;

    @AutoClose
    private final SchemaSession session;

    private final List<String> handles = new ArrayList<>();

    SchemaTest(PostgreSql server) throws SQLException {
        database = server.createDatabase();
        owner = database.login("owner");
        database.execute(
                "CREATE SCHEMA app AUTHORIZATION " + owner.username(),
                "GRANT CREATE ON DATABASE %s TO %s".formatted(database.name(), owner.username()),
                "ALTER ROLE " + owner.username() + " SET search_path = app",
                "SET ROLE " + owner.username(),
                "CREATE TABLE app.orders (id int PRIMARY KEY, total int, tags jsonb)",
                "CREATE INDEX by_total ON app.orders (total)",
                "CREATE VIEW app.sums AS SELECT sum(total) AS total FROM app.orders",
                "CREATE TABLE app.lines (order_id int REFERENCES app.orders, note text)",
                "INSERT INTO app.orders VALUES (1, 10, '{}'), (2, 20, '{}')",
                "RESET ROLE",
                "ANALYZE app.orders");
        session = engine.schema(database.target(owner));
    }

    private Trial rehearse(String statement) throws SQLException {
        var form = engine.form(statement);
        assertThat(form.unfit()).as(statement).isEmpty();
        var before = fingerprint();
        var trial = session.rehearse(statement, form, BOUNDS);
        assertThat(fingerprint()).isEqualTo(before);
        return trial;
    }

    private List<String> fingerprint() throws SQLException {
        return database.query(
                "SELECT md5(string_agg(oid || relname || relnatts || relfilenode, ' ' ORDER BY oid)) FROM pg_class"
                        + " WHERE relnamespace = 'app'::regnamespace OR relnamespace = 'public'::regnamespace");
    }

    private List<String> effects(String statement) throws SQLException {
        var trial = rehearse(statement);
        assertThat(trial.refused()).isEmpty();
        return trial.effects();
    }

    private void run(String statement) throws SQLException {
        session.run(statement, engine.form(statement), BOUNDS, handles::add);
    }

    @Test
    void aColumnIsShown() throws SQLException {
        assertThat(effects("ALTER TABLE app.orders ADD note text NOT NULL DEFAULT 'none'"))
                .containsExactly("+ column app.orders.note text NOT NULL DEFAULT 'none'::text");
    }

    @Test
    void aTableThatIsWrittenAnewIsShown() throws SQLException {
        assertThat(effects("ALTER TABLE app.lines ALTER order_id TYPE bigint"))
                .containsExactly(
                        "~ column app.lines.order_id integer -> bigint",
                        "~ table app.lines is written anew (its rows have never been counted)");
    }

    @Test
    void whatGoesWithATableIsShown() throws SQLException {
        assertThat(effects("DROP TABLE app.orders CASCADE"))
                .containsExactly("- constraint app.lines.lines_order_id_fkey", "- table app.orders", "- view app.sums");
    }

    @Test
    void aNewTableIsShownWithItsParts() throws SQLException {
        assertThat(effects("CREATE TABLE app.days (day date PRIMARY KEY, n int CHECK (n > 0))"))
                .contains(
                        "+ table app.days",
                        "+ column app.days.day date NOT NULL",
                        "+ column app.days.n integer",
                        "+ constraint app.days.days_pkey PRIMARY KEY (day)",
                        "+ constraint app.days.days_n_check CHECK ((n > 0))");
    }

    @Test
    void aNameWithoutASchemaIsTheOwners() throws SQLException {
        var trial = rehearse("CREATE INDEX by_note ON lines (note)");

        assertThat(trial.effects())
                .containsExactly("+ index app.by_note INDEX by_note ON app.lines USING btree (note)");
        assertThat(trial.notes()).contains("a name without a schema is looked for in: app");
    }

    @Test
    void otherKindsAreShown() throws SQLException {
        assertThat(effects("COMMENT ON COLUMN app.orders.total IS 'cents'"))
                .containsExactly("~ column app.orders.total comment none -> cents");
        assertThat(effects("CREATE OR REPLACE VIEW app.sums AS SELECT max(total)::bigint AS total FROM app.orders"))
                .containsExactly("~ view app.sums reads another way");
        assertThat(effects("CREATE TYPE app.state AS ENUM ('a', 'b')")).containsExactly("+ type app.state of 'a', 'b'");
        assertThat(effects("ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY"))
                .containsExactly("~ table app.orders options none -> row security");
        assertThat(effects("CREATE SCHEMA more")).containsExactly("+ schema more");
        assertThat(effects("CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT a'"))
                .containsExactly("+ function app.f(a integer) returns integer SECURITY DEFINER");
        assertThat(effects("TRUNCATE app.lines")).hasSize(1);
    }

    /// Whoever approves a statement that seems to change nothing has been shown less than it does.
    @Test
    void noChangeIsSilent() throws SQLException {
        database.execute(
                "SET ROLE " + owner.username(),
                "CREATE SEQUENCE app.numbers",
                "CREATE TABLE app.counted (id int GENERATED ALWAYS AS IDENTITY)",
                "CREATE AGGREGATE app.extreme(int) (sfunc = int4smaller, stype = int)",
                "CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'",
                "CREATE TABLE app.parts (day int, n int) PARTITION BY RANGE (day)",
                "CREATE TABLE app.parts_1 PARTITION OF app.parts FOR VALUES FROM (0) TO (9)",
                "CREATE INDEX by_n ON ONLY app.parts (n)",
                "CREATE INDEX by_n_1 ON app.parts_1 (n)",
                "CREATE INDEX by_twice ON app.orders ((total * 2))",
                "CREATE POLICY own ON app.orders USING (true)",
                "CREATE RULE kept AS ON DELETE TO app.lines DO INSTEAD NOTHING",
                "CREATE STATISTICS app.both_of_them ON id, total FROM app.orders",
                "CREATE COLLATION app.plain FROM \"C\"",
                "CREATE DOMAIN app.positive AS int CONSTRAINT more CHECK (VALUE > 0)",
                "CREATE TYPE app.state AS ENUM ('a', 'b')",
                "CREATE OPERATOR app.### (leftarg = int, rightarg = int, function = int4eq)",
                "CREATE TEXT SEARCH DICTIONARY app.words (template = simple)",
                "CREATE TEXT SEARCH CONFIGURATION app.texts (copy = simple)",
                "CREATE MATERIALIZED VIEW app.kept_sums AS SELECT * FROM app.sums",
                "RESET ROLE");
        var silent = new ArrayList<String>();
        for (var statement : List.of(
                "ALTER SEQUENCE app.numbers RESTART WITH 5",
                "ALTER SEQUENCE app.numbers OWNED BY app.orders.id",
                "ALTER SEQUENCE app.numbers CACHE 5",
                "ALTER TABLE app.counted ALTER id RESTART WITH 7",
                "TRUNCATE app.counted RESTART IDENTITY",
                "CREATE OR REPLACE AGGREGATE app.extreme(int) (sfunc = int4larger, stype = int)",
                "ALTER FUNCTION app.f(int) COST 5",
                "ALTER INDEX app.by_n ATTACH PARTITION app.by_n_1",
                "ALTER TABLE app.parts DETACH PARTITION app.parts_1",
                "ALTER INDEX app.by_twice ALTER COLUMN 1 SET STATISTICS 5",
                "ALTER INDEX app.by_twice SET (fillfactor = 50)",
                "ALTER POLICY own ON app.orders USING (total > 1)",
                "ALTER STATISTICS app.both_of_them SET STATISTICS 100",
                "ALTER TABLE app.orders ALTER total SET STATISTICS 5",
                "ALTER TABLE app.orders ALTER total SET (n_distinct = 5)",
                "ALTER TABLE app.orders ALTER tags SET STORAGE EXTERNAL",
                "ALTER TABLE app.orders SET (fillfactor = 70)",
                "ALTER TABLE app.orders CLUSTER ON by_total",
                "ALTER TABLE app.orders CLUSTER ON orders_pkey",
                "ALTER TABLE app.orders REPLICA IDENTITY USING INDEX orders_pkey",
                "ALTER TABLE app.counted SET UNLOGGED",
                "ALTER TABLE app.lines DISABLE RULE kept",
                "ALTER TABLE app.lines ALTER CONSTRAINT lines_order_id_fkey DEFERRABLE",
                "ALTER TABLE app.lines ADD CONSTRAINT written CHECK (note <> '') NOT VALID",
                "ALTER VIEW app.sums SET (security_invoker = true)",
                "ALTER VIEW app.sums ALTER total SET DEFAULT 1",
                "ALTER MATERIALIZED VIEW app.kept_sums SET (fillfactor = 50)",
                "ALTER DOMAIN app.positive SET DEFAULT 1",
                "ALTER DOMAIN app.positive SET NOT NULL",
                "ALTER DOMAIN app.positive DROP CONSTRAINT more",
                "ALTER TYPE app.state RENAME VALUE 'a' TO 'c'",
                "ALTER TYPE app.state ADD VALUE 'c'",
                "ALTER OPERATOR app.### (int, int) SET (restrict = eqsel)",
                "ALTER TEXT SEARCH DICTIONARY app.words (stopwords = english)",
                "ALTER TEXT SEARCH CONFIGURATION app.texts DROP MAPPING FOR email",
                "ALTER SCHEMA app RENAME TO apps",
                "CREATE TYPE app.span AS RANGE (subtype = int)",
                "COMMENT ON SCHEMA app IS 'x'",
                "COMMENT ON INDEX app.by_total IS 'x'",
                "COMMENT ON SEQUENCE app.numbers IS 'x'",
                "COMMENT ON FUNCTION app.f(int) IS 'x'",
                "COMMENT ON AGGREGATE app.extreme(int) IS 'x'",
                "COMMENT ON POLICY own ON app.orders IS 'x'",
                "COMMENT ON RULE kept ON app.lines IS 'x'",
                "COMMENT ON STATISTICS app.both_of_them IS 'x'",
                "COMMENT ON COLLATION app.plain IS 'x'",
                "COMMENT ON DOMAIN app.positive IS 'x'",
                "COMMENT ON CONSTRAINT more ON DOMAIN app.positive IS 'x'",
                "COMMENT ON CONSTRAINT orders_pkey ON app.orders IS 'x'",
                "COMMENT ON OPERATOR app.### (int, int) IS 'x'",
                "COMMENT ON TEXT SEARCH DICTIONARY app.words IS 'x'",
                "COMMENT ON TEXT SEARCH CONFIGURATION app.texts IS 'x'")) {
            var trial = rehearse(statement);
            if (trial.effects().isEmpty()) {
                silent.add(statement
                        + trial.refused().map(said -> ": " + said.getMessage()).orElse(""));
            }
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void aSequenceThatBeginsAnewIsShown() throws SQLException {
        database.execute("SET ROLE " + owner.username(), "CREATE SEQUENCE app.numbers", "RESET ROLE");

        assertThat(effects("ALTER SEQUENCE app.numbers RESTART"))
                .containsExactly("~ sequence app.numbers is set anew, and may go on with another number");
        assertThat(effects("ALTER SEQUENCE app.numbers OWNED BY app.orders.id"))
                .containsExactly(
                        "~ sequence app.numbers belongs to another column, or keeps more or fewer numbers ready");
    }

    @Test
    void whatTheServerRemarksIsTold() throws SQLException {
        assertThat(rehearse("DROP TABLE IF EXISTS app.none").notes())
                .contains("the server says: table \"none\" does not exist, skipping");
    }

    @Test
    void whoMayUseWhatIsNewIsTold() throws SQLException {
        var reader = database.login("reader");
        database.execute("ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA app GRANT SELECT ON TABLES TO %s"
                .formatted(owner.username(), reader.username()));

        assertThat(effects("CREATE VIEW app.all_orders AS SELECT * FROM app.orders"))
                .contains("+ view app.all_orders rights {%1$s=arwdDxt%3$s/%1$s,%2$s=r/%1$s}"
                        .formatted(
                                owner.username(),
                                reader.username(),
                                database.server().major() > 16 ? "m" : ""));
    }

    /// What the statement calls can make a temporary view that is called as a catalog.
    @Test
    void whatAStatementCallsHidesNothing() throws SQLException {
        database.execute("""
                CREATE FUNCTION app.hide() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
                  CREATE OR REPLACE TEMPORARY VIEW pg_attrdef AS SELECT * FROM pg_catalog.pg_attrdef WHERE false;
                  RETURN 1;
                END $$""");

        assertThat(effects("ALTER TABLE app.orders ADD hidden int DEFAULT app.hide()"))
                .contains("+ column app.orders.hidden integer DEFAULT app.hide()");
    }

    /// A setting of the login can give it another role, which what runs takes back.
    @Test
    void theRoleThatLogsInIsLookedAtAsWell() throws SQLException {
        var other = database.login("deployer", "NOINHERIT", "CREATEROLE", "IN ROLE " + owner.username());
        database.execute("ALTER ROLE %s SET role = %s".formatted(other.username(), owner.username()));

        try (var theirs = engine.schema(database.target(other))) {
            assertThat(theirs.identity().user()).isEqualTo(owner.username());
            assertThat(theirs.excess())
                    .contains("logs in as " + other.username() + ", which may make roles (CREATEROLE)");
        }
        assertThat(session.excess()).isEmpty();
    }

    @Test
    void whatIsNotTheOwnersIsRefused() throws SQLException {
        database.execute("CREATE TABLE app.theirs (id int)", "ALTER TABLE app.theirs OWNER TO postgres");

        assertThat(rehearse("ALTER TABLE app.theirs ADD a int").refused())
                .hasValueSatisfying(said -> assertThat(said.getSQLState()).isEqualTo("42501"));
    }

    @Test
    void whatTheServerRefusesIsTold() throws SQLException {
        var trial = rehearse("ALTER TABLE app.orders ADD CHECK (total < 15)");

        assertThat(trial.refused())
                .hasValueSatisfying(said -> assertThat(said.getSQLState()).isEqualTo("23514"));
        assertThat(effects("CREATE SCHEMA after")).hasSize(1);
    }

    @Test
    void whatIsCheckedAtTheEndIsChecked() throws SQLException {
        var trial = rehearse("CREATE FUNCTION app.broken() RETURNS int LANGUAGE sql AS 'SELECT none FROM app.orders'");

        assertThat(trial.refused()).isPresent();
    }

    @Test
    void aTrialDoesNotWaitLong() throws SQLException {
        try (var other = locked()) {
            assertThatThrownBy(() -> rehearse("ALTER TABLE app.orders ADD a int"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            said -> assertThat(session.mayWorkLater(said)).isTrue());
            other.rollback();
        }
        assertThat(effects("ALTER TABLE app.orders ADD a int")).hasSize(1);
    }

    private Connection locked() throws SQLException {
        var other = database.superuser();
        other.setAutoCommit(false);
        try (var statement = other.createStatement()) {
            statement.execute("SELECT * FROM app.orders");
        }
        return other;
    }

    @Test
    void whatRunsAloneIsNotTried() throws SQLException {
        var trial = rehearse("CREATE INDEX CONCURRENTLY later ON app.orders (total)");

        assertThat(trial.effects()).isEmpty();
        assertThat(trial.notes()).hasSize(1);
    }

    @Test
    void whatIsRunIsThereAndTheServerCanTell() throws SQLException {
        run("ALTER TABLE app.orders ADD note text");

        assertThat(database.query("SELECT count(note) FROM app.orders")).containsExactly("0");
        assertThat(fates()).containsExactly(Fate.DONE);
    }

    @Test
    void whatIsRefusedIsUndoneAndTheServerCanTell() throws SQLException {
        assertThatThrownBy(() -> run("ALTER TABLE app.orders ADD CHECK (total < 15)"))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        said -> assertThat(session.mayWorkLater(said)).isFalse());

        assertThat(fates()).containsExactly(Fate.UNDONE);
    }

    @Test
    void whatTheServerCannotTellIsUnknown() throws SQLException {
        try (var server = engine.connect(database.target(database.login("admin")))) {
            assertThat(fate(server, "not a number")).isEqualTo(Fate.UNKNOWN);
            assertThat(fate(server, "99999999999")).isEqualTo(Fate.UNKNOWN);
            assertThat(fate(server, "999999999999999999999999")).isEqualTo(Fate.UNKNOWN);
        }
        try (var other = locked();
                var statement = other.createStatement();
                var server = engine.connect(database.target(database.login("admin2")))) {
            try (var row = statement.executeQuery("SELECT pg_current_xact_id()")) {
                row.next();
                assertThat(fate(server, row.getString(1))).isEqualTo(Fate.RUNNING);
            }
        }
    }

    private Fate fate(Server server, String handle) throws SQLException {
        return server.fate(Optional.of(handle));
    }

    private List<Fate> fates() throws SQLException {
        var fates = new ArrayList<Fate>();
        try (var server = engine.connect(database.target(database.login("admin")))) {
            for (var handle : handles) {
                fates.add(fate(server, handle));
            }
        }
        return fates;
    }

    @Test
    void whatRunsAloneIsRun() throws SQLException {
        run("CREATE INDEX CONCURRENTLY later ON orders (total)");

        assertThat(database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'app.later'::regclass"))
                .containsExactly("t");
        // The session is there, and at nothing any more.
        assertThat(fates()).containsExactly(Fate.UNKNOWN);
    }

    @Test
    void aRunDoesNotWaitLong() throws SQLException {
        try (var other = locked()) {
            assertThatThrownBy(() -> run("ALTER TABLE app.orders ADD a int"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            said -> assertThat(session.mayWorkLater(said)).isTrue());
            other.rollback();
        }
        assertThat(fates()).containsExactly(Fate.UNDONE);
        run("ALTER TABLE app.orders ADD a int");
    }

    @Test
    void theKeeperIsAskedBeforeAnythingIsDone() throws SQLException {
        var statement = "ALTER TABLE app.orders ADD a int";

        assertThatThrownBy(() -> session.run(statement, engine.form(statement), BOUNDS, handle -> {
                    throw new SQLException("no ledger");
                }))
                .hasMessage("no ledger");
        run(statement);
    }

    /// The driver takes a question mark for a parameter, two for one, and a brace for an escape of its own.
    @Test
    void theTextComesToTheServerAsItIs() throws SQLException {
        var text = "a ? ?? {fn now()} $1 ; \\ 'b'";
        run("COMMENT ON TABLE /* ? ; {d '1'} */ app.orders IS $x$" + text + "$x$");
        run("ALTER TABLE app.orders ADD CHECK (NOT tags ?| '{?}' AND NOT tags ? '??' AND NOT tags ?& array['x'])");
        run("CREATE FUNCTION app.q(a jsonb) RETURNS boolean LANGUAGE sql RETURN a ? 'b' -- ?; {x}\n;");
        run("CREATE OPERATOR app.?? (FUNCTION = pg_catalog.int4eq, LEFTARG = int, RIGHTARG = int)");

        assertThat(database.query("SELECT obj_description('app.orders'::regclass)"))
                .containsExactly(text);
        assertThat(database.query("SELECT app.q('{\"b\": 1}')")).containsExactly("t");
        assertThat(database.query("SELECT oprname FROM pg_operator WHERE oprnamespace = 'app'::regnamespace"))
                .containsExactly("??");
    }

    @Test
    void aUrlCannotAskForTheSimpleProtocol() throws SQLException {
        var target = database.target(owner);
        try (var simple = engine.schema(
                target.at(target.url() + (target.url().contains("?") ? "&" : "?") + "preferQueryMode=simple"))) {
            var form = engine.form("CREATE TABLE app.a ()");

            assertThatThrownBy(() ->
                            simple.run("CREATE TABLE app.a (); CREATE TABLE app.b ()", form, BOUNDS, handles::add))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            said -> assertThat(said.getSQLState()).isEqualTo("42601"));
        }
    }

    @Test
    void whatIsUnfitIsNeitherTriedNorRun() {
        var statement = "DELETE FROM app.orders";
        var form = engine.form(statement);

        assertThatThrownBy(() -> session.rehearse(statement, form, BOUNDS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> session.run(statement, form, BOUNDS, handles::add))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
