package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.agentroles.access.Sha256;
import dev.agentroles.credential.FaultPoints;
import dev.agentroles.harness.Await;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import dev.agentroles.harness.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What ChangeTest says of PostgreSQL, where each statement commits by itself.
@OnEachMySql
final class MySqlChangeTest {
    private static final String COLUMN = "ALTER TABLE orders ADD COLUMN note varchar(20)";

    @AutoClose
    private final MySqlDatabase database;

    private final Operator operator;

    MySqlChangeTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        database = server.createDatabase();
        var owner = database.login("owner");
        database.execute(
                "GRANT ALL ON %s.* TO '%s'@'%%'".formatted(database.name(), owner.username()),
                "GRANT ALL ON `agentroles\\_rehearsal\\_%%`.* TO '%s'@'%%'".formatted(owner.username()),
                "CREATE TABLE orders (id int PRIMARY KEY, total int) ENGINE=InnoDB",
                "INSERT INTO orders VALUES (1, 42)");
        operator = new Operator(directory, database, database.administrator());
        operator.set("OWNER", owner.username());
        operator.set("OWNER_PASSWORD", owner.clear());
        operator.write("shop.yaml", profile());
    }

    private String profile() {
        return operator.head("production") + """
                    changes: {username: {env: OWNER}, password: {env: OWNER_PASSWORD}, lock_timeout: 1s}
                scopes:
                  orders: {database: %1$s, include: [%1$s.orders]}
                agents:
                  desk:
                    access: [{scope: orders, tier: writer, rows: 10}]
                    request_changes: true
                """.formatted(database.name());
    }

    @BeforeEach
    void applied() {
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
    }

    private Operator.Said ends(int code, String... arguments) {
        var said = operator.run(arguments);
        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(code);
        return said;
    }

    private Operator.Said change(int code, String command, String name, String... more) {
        var arguments = new ArrayList<>(List.of("change", command, "shop.yaml", name));
        arguments.addAll(List.of(more));
        return ends(code, arguments.toArray(String[]::new));
    }

    private static JsonObject document(Operator.Said said) {
        try {
            return JsonParser.object().from(said.out());
        } catch (JsonParserException e) {
            throw new AssertionError(said.out(), e);
        }
    }

    private JsonObject shown(String name) {
        return document(change(0, "show", name, "--format", "json"))
                .getArray("requests")
                .getObject(0);
    }

    private String approved(String statement) throws IOException {
        operator.write("change.sql", statement);
        var asked = ends(
                0,
                "change",
                "request",
                "shop.yaml",
                "--agent",
                "desk",
                "--sql",
                "change.sql",
                "--reason",
                "it is needed",
                "--format",
                "json");
        var name = document(asked).getArray("requests").getObject(0).getString("request");
        change(0, "approve", name, "--yes", "--expect", shown(name).getString("fingerprint"));
        return name;
    }

    private List<String> columns() throws SQLException {
        return database.query("SELECT column_name FROM information_schema.columns WHERE table_schema = '%s'"
                        .formatted(database.name())
                + " AND table_name = 'orders' ORDER BY ordinal_position");
    }

    @Test
    void fromTheWishToTheColumn() throws Exception {
        var name = approved(COLUMN);

        var rehearsal = document(change(0, "rehearse", name, "--format", "json"));
        assertThat(rehearsal.getBoolean("works")).isTrue();
        assertThat(rehearsal.getArray("effects"))
                .singleElement()
                .asString()
                .startsWith("+ column " + database.name() + ".orders.note varchar(20)");
        assertThat(columns()).containsExactly("id", "total");
        change(0, "run", name);
        assertThat(columns()).containsExactly("id", "total", "note");
        assertThat(change(0, "run", name).out()).contains("was done already");

        // The guard's view does not have the column yet.
        assertThat(ends(2, "plan", "shop.yaml").out()).contains("guard on " + database.name() + ".orders");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        ends(0, "plan", "shop.yaml");
    }

    @Test
    void whatTheServerRefusesIsOver() throws Exception {
        var name = approved("ALTER TABLE orders ADD COLUMN total int");

        assertThat(change(2, "rehearse", name).out()).contains("fails", "Duplicate column");
        assertThat(change(1, "run", name).out()).contains("failed", "Duplicate column");
        assertThat(shown(name).getString("standing")).isEqualTo("failed");
        assertThat(database.query("SELECT schema_name FROM information_schema.schemata"
                        + " WHERE schema_name LIKE 'agentroles\\_rehearsal%'"))
                .isEmpty();
    }

    @Test
    void whoHoldsTheTableHoldsItUpAndNoLonger() throws Exception {
        var name = approved(COLUMN);
        try (var session = database.superuser();
                var statement = session.createStatement()) {
            session.setAutoCommit(false);
            statement.execute("SELECT * FROM %s.orders".formatted(database.name()));

            assertThat(change(4, "run", name).out()).contains("not done", "stays approved");
        }
        change(0, "run", name);
        assertThat(columns()).contains("note");
    }

    /// One that was killed left a session that is still at its copies.
    @Test
    void aRehearsalWaitsForAnotherOnesRestNoLongerThanARun() throws Exception {
        var name = approved(COLUMN);
        database.execute(
                "CREATE DATABASE agentroles_rehearsal_1", "CREATE TABLE agentroles_rehearsal_1.orders (id int)");
        try (var rehearsals = Executors.newSingleThreadExecutor();
                var session = database.superuser()) {
            session.setAutoCommit(false);
            TestDatabase.query(session, "SELECT id FROM agentroles_rehearsal_1.orders");
            var said = rehearsals.submit(() -> operator.run("change", "rehearse", "shop.yaml", name));

            assertThat(said.get(30, TimeUnit.SECONDS).code()).isOne();
        }
        change(0, "rehearse", name);
    }

    /// This server cannot tell afterwards.
    @Test
    void whereNobodyKnowsAPersonSays() throws Exception {
        var name = approved(COLUMN);
        operator.dieAt(reached -> {
            if (reached == FaultPoints.Point.CHANGE_MADE) {
                throw new IllegalStateException("died");
            }
        });
        change(1, "run", name);
        operator.dieAt(FaultPoints.NONE);
        assertThat(shown(name).getString("standing")).isEqualTo("running");

        assertThat(change(3, "run", name).err()).contains("nobody saw the end", "--as done or --as undone");
        change(0, "settle", name, "--as", "done", "--reason", "the column is there");
        assertThat(shown(name).getString("standing")).isEqualTo("done");
        assertThat(columns()).containsExactly("id", "total", "note");
    }

    /// Any login can take any lock that has a name.
    @Test
    void whoElseHoldsALockOfOursIsNamed() throws Exception {
        var name = approved(COLUMN);
        var agent = operator.published("desk");
        try (var session = database.connect(agent);
                var lock = session.prepareStatement("SELECT GET_LOCK(CONCAT('agentroles.agent.', ?), 0),"
                        + " GET_LOCK('agentroles_rehearsal', 0), CONNECTION_ID()")) {
            lock.setLong(1, lockOf(name));
            String number;
            try (var row = lock.executeQuery()) {
                row.next();
                number = row.getString(3);
            }

            assertThat(change(3, "run", name).err())
                    .contains("session " + number + " of login " + agent.username(), "is no run of agentroles");
            assertThat(change(1, "rehearse", name).err()).contains("session " + number, "KILL " + number);
        }
        change(0, "rehearse", name);
        change(0, "run", name);
    }

    private static long lockOf(String name) {
        return Sha256.of("agentroles change " + name.substring(name.indexOf('/') + 1))
                .number();
    }

    /// Whoever ran it is lost, and its statement goes on.
    @Test
    void whatTheServerStillWorksOnNobodySettles() throws Exception {
        operator.edit("shop.yaml", text -> text.replace("lock_timeout: 1s", "lock_timeout: 1m"));
        var name = approved(COLUMN);
        try (var runs = Executors.newSingleThreadExecutor();
                var other = database.superuser()) {
            other.setAutoCommit(false);
            TestDatabase.query(other, "SELECT id FROM %s.orders".formatted(database.name()));
            var running = runs.submit(() -> operator.run("change", "run", "shop.yaml", name));
            while (!running.isDone()
                    && database.query("SELECT id FROM information_schema.processlist"
                                    + " WHERE state LIKE 'Waiting for table metadata lock' AND user = '%s_owner'"
                                            .formatted(database.name()))
                            .isEmpty()) {
                Await.pause();
            }
            var sessions = "SELECT id FROM information_schema.processlist WHERE user = '%s'"
                    .formatted(operator.administrator().username());
            for (var session : database.query(sessions)) {
                database.execute("KILL " + session);
            }
            while (!database.query(sessions).isEmpty()) {
                Await.pause();
            }

            assertThat(change(3, "settle", name, "--as", "undone").err()).contains("the server still works on");
            assertThat(change(3, "run", name).err()).contains("the server still works on");
            other.rollback();
            running.get();
        }
        change(0, "settle", name, "--as", "done", "--reason", "the column is there");
        assertThat(shown(name).getString("standing")).isEqualTo("done");
    }

    /// What the server says may hold what stands in a row that the agent does not read.
    @Test
    void anAgentIsToldHowARunEndedAndNotWhatStandsInARow() throws Exception {
        database.execute("ALTER TABLE orders ADD card varchar(20) DEFAULT '4111 x'");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        var name = approved("ALTER TABLE orders MODIFY card date");

        assertThat(change(1, "run", name).out()).contains("4111 x");
        assertThat(change(0, "show", name).out()).contains("4111 x");
        try (var session = database.connect(operator.published("desk"));
                var call = session.createStatement();
                var row = call.executeQuery("CALL agentroles_changes.requests()")) {
            row.next();
            assertThat(row.getString("outcome")).matches("2200[17] \\(1292\\)");
        }
    }

    @Test
    void whoHasMoreThanASchemaRunsNothing() throws Exception {
        var name = approved(COLUMN);
        var mighty = database.login("mighty");
        database.execute("GRANT ALL ON *.* TO '%s'@'%%'".formatted(mighty.username()));
        operator.set("OWNER", mighty.username());
        operator.set("OWNER_PASSWORD", mighty.clear());

        assertThat(change(3, "run", name).err()).contains("CREATE USER", "on everything");
        assertThat(columns()).containsExactly("id", "total");
    }

    /// What the owner makes can take that role on, too.
    @Test
    void theRoleOfAnOwnerIsItsPower() throws Exception {
        var name = approved(COLUMN);
        var role = database.name() + "_mighty";
        database.execute(
                "CREATE ROLE " + role,
                "GRANT CREATE USER ON *.* TO " + role,
                "GRANT %s TO '%s'@'%%'".formatted(role, database.name() + "_owner"));
        try {
            assertThat(change(3, "run", name).err()).contains("has CREATE USER on everything");
        } finally {
            database.execute("DROP ROLE " + role);
        }
        assertThat(columns()).containsExactly("id", "total");
    }

    @Test
    void whoMayWriteToEveryTableRunsNothing() throws Exception {
        var name = approved(COLUMN);
        database.execute("GRANT UPDATE ON *.* TO '%s'@'%%'".formatted(database.name() + "_owner"));

        assertThat(change(3, "run", name).err()).contains("has UPDATE on everything");
        assertThat(columns()).containsExactly("id", "total");
    }

    @Test
    void aRehearsalDropsOnlyWhatItMade() throws Exception {
        var name = approved(COLUMN);
        var other = "agentroles_rehearsal_of_" + database.name();
        var large = "AGENTROLES_REHEARSAL_1";
        database.execute("CREATE DATABASE " + other, "CREATE DATABASE " + large);
        try {
            change(0, "rehearse", name);
            assertThat(database.query("SELECT schema_name FROM information_schema.schemata"
                            + " WHERE lower(schema_name) LIKE 'agentroles\\_rehearsal%'"))
                    .containsExactlyInAnyOrder(other, large);
        } finally {
            database.execute("DROP DATABASE IF EXISTS " + other, "DROP DATABASE IF EXISTS " + large);
        }
    }

    /// The next rehearsal would drop it.
    @Test
    void nothingIsTriedInADatabaseThatIsNamedAsAScratchOne() throws Exception {
        var name = approved(COLUMN);
        var named = "agentroles_rehearsal_77";
        database.execute(
                "CREATE DATABASE " + named,
                "CREATE TABLE %s.orders (id int)".formatted(named),
                "GRANT ALL ON %s.* TO '%s'@'%%'"
                        .formatted(named, operator.administrator().username()));
        try {
            operator.set("ODD_URL", database.server().url(named));
            operator.write("odd.yaml", profile().replace("DB_URL", "ODD_URL"));

            assertThat(change(3, "rehearse", name, "--on", "odd.yaml").err()).contains(named, "drop");
            assertThat(database.query("SELECT schema_name FROM information_schema.schemata WHERE schema_name = '%s'"
                            .formatted(named)))
                    .containsExactly(named);
        } finally {
            database.execute("DROP DATABASE IF EXISTS " + named);
        }
    }

    @Test
    void whatWasApprovedIsWhatRuns() throws Exception {
        var name = approved(COLUMN);
        database.execute("UPDATE agentroles.change_request SET statement = 'DROP TABLE orders'");

        assertThat(change(3, "run", name).err()).contains("is not what was approved");
        assertThat(columns()).containsExactly("id", "total");
    }
}
