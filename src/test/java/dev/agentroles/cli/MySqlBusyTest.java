package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent that idles in a transaction keeps its own views as they are, and nothing else.
@OnEachMySql
final class MySqlBusyTest {
    @AutoClose
    private final MySqlDatabase database;

    private final Operator operator;

    MySqlBusyTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        database = server.createDatabase();
        database.execute(
                "CREATE TABLE orders (id int PRIMARY KEY, total int)",
                "INSERT INTO orders VALUES (1, 42)",
                "CREATE TABLE items (id int PRIMARY KEY, total int)",
                "INSERT INTO items VALUES (1, 42)");
        operator = new Operator(directory, database, database.administrator());
        profile("orders", agent("bot", "explore"), agent("desk", "writer"));
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
    }

    /// @param tables with a space between
    private void profile(String tables, String... agents) throws IOException {
        var include = Stream.of(tables.split(" "))
                .map(table -> database.name() + "." + table)
                .collect(Collectors.joining(", "));
        operator.write(
                "shop.yaml",
                operator.head("production") + """
                scopes:
                  orders: {database: %s, include: [%s]}
                agents:
                %s
                """.formatted(database.name(), include, String.join("\n", agents)));
    }

    /// @param tier and its limits
    private static String agent(String name, String tier) {
        return "  %s: {access: [{scope: orders, tier: %s}]}".formatted(name, tier);
    }

    private String ends(int code, String... arguments) {
        return operator.ends(code, arguments).all();
    }

    private String writes(String table) {
        try (var session = database.server().connect(database.name() + "_rw", operator.published("desk"));
                var statement = session.createStatement()) {
            return statement.executeUpdate("UPDATE " + table + " SET total = total + 1 WHERE id = 1") + " row";
        } catch (SQLException refused) {
            return refused.getErrorCode() + " " + refused.getMessage();
        }
    }

    /// What nobody holds up is done.
    private void helperHasTakenThePlaceOf(String agent) throws SQLException {
        database.connect(operator.published("helper")).close();
        isGone(agent);
    }

    private void isGone(String agent) throws SQLException {
        assertThat(database.query("SELECT user FROM mysql.user WHERE user LIKE 'ar\\_%\\_" + agent + "%'"))
                .isEmpty();
    }

    @Test
    void anIdleTransactionHoldsUpItsOwnTableOnlyAndIsNamed() throws SQLException, IOException {
        var bot = operator.published("bot");
        var desk = operator.published("desk");
        database.execute("ALTER TABLE orders ADD COLUMN note varchar(20)");
        profile("orders items", agent("desk", "writer"));
        try (var idle = database.server().connect(database.name() + "_rw", desk);
                var statement = idle.createStatement();
                var reading = database.connect(bot)) {
            idle.setAutoCommit(false);
            statement.execute("SELECT * FROM orders");

            var said = ends(4, "apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");

            assertThat(said)
                    .contains(database.name() + ".orders stays as it was")
                    .contains("; in transactions are session ")
                    .contains(" of " + desk.username());
            assertThat(reading.isValid(5))
                    .as("the session of an agent that is gone")
                    .isFalse();
            isGone("bot");
            assertThat(writes("items")).as(said).isEqualTo("1 row");
            assertThat(operator.run("log", "shop.yaml", "--last", "0").out())
                    .contains("apply failed by ")
                    .contains(", without ");
            idle.rollback();
        }

        ends(0, "apply", "shop.yaml", "--yes");

        assertThat(database.query("SELECT column_name FROM information_schema.columns WHERE table_schema = '"
                        + database.name() + "_rw' AND table_name = 'orders' AND column_name = 'note'"))
                .hasSize(1);
        ends(0, "plan", "shop.yaml");
    }

    /// In a SERIALIZABLE transaction what the guard reads of an agent's limits stays locked.
    @Test
    void anAgentHoldsUpItsOwnLimitsAndNothingElse() throws SQLException, IOException {
        var desk = operator.published("desk");
        profile("orders", agent("desk", "writer, rows: 5"), agent("helper", "explore"));
        try (var idle = database.server().connect(database.name() + "_rw", desk);
                var statement = idle.createStatement()) {
            idle.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            idle.setAutoCommit(false);
            statement.execute("UPDATE orders SET total = total + 1 WHERE id = 1");

            assertThat(ends(4, "apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1"))
                    .contains("the limits of ar_" + database.name() + "_desk stay as they were")
                    .contains(" of " + desk.username());
            helperHasTakenThePlaceOf("bot");
            idle.rollback();
        }

        ends(0, "apply", "shop.yaml", "--yes");
        assertThat(database.query("SELECT rows_per_statement FROM agentroles_guard.limits"))
                .containsExactly("5");
        ends(0, "plan", "shop.yaml");
    }

    @Test
    void whoHoldsATableHoldsUpItsColumnsAndNothingElse() throws SQLException, IOException {
        profile("orders items", agent("bot", "explore"), agent("desk", "explore"));
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        profile("orders items", agent("bot", "explore"), agent("helper", "explore"));
        operator.edit(
                "shop.yaml",
                profile -> profile.replace("items]}", "items], exclude: [" + database.name() + ".orders.total]}"));
        if (database.server().mariadb()) {
            assertThat(ends(1, "plan", "shop.yaml")).contains("cannot hide " + database.name() + ".orders.total");
            return;
        }
        try (var application = database.superuser();
                var statement = application.createStatement()) {
            statement.execute("LOCK TABLES orders WRITE");

            assertThat(ends(4, "apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1"))
                    .contains("columns of " + database.name() + ".orders are not given to ar_" + database.name()
                            + "_orders_explore");
            helperHasTakenThePlaceOf("desk");
        }

        ends(0, "apply", "shop.yaml", "--yes");
        try (var session = database.connect(operator.published("bot"));
                var statement = session.createStatement()) {
            statement.execute("SELECT id FROM orders");
        }
        ends(0, "plan", "shop.yaml");
    }

    /// Its login goes on beginning where it holds something.
    @Test
    void aTableThatStaysUnguardedMakesNoLeaseEachTime() throws SQLException, IOException {
        profile("items", agent("bot", "explore"));
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        profile("items", agent("bot", "writer"));
        try (var application = database.superuser();
                var statement = application.createStatement()) {
            statement.execute("LOCK TABLES items WRITE");

            ends(4, "apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");
            var first = leases();
            ends(4, "apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");

            assertThat(leases()).isEqualTo(first);
        }

        ends(0, "apply", "shop.yaml", "--yes");
        assertThat(operator.secret("bot").orElseThrow().url()).endsWith(database.name() + "_rw");
        ends(0, "plan", "shop.yaml");
    }

    private List<String> leases() throws SQLException {
        return database.query("SELECT id FROM agentroles.lease WHERE agent = 'bot' ORDER BY id");
    }

    /// What a writer loses is taken, and what it gets instead is given.
    @Test
    void aWriterThatIdlesIsNarrowedAllTheSame() throws SQLException, IOException {
        var desk = operator.published("desk");
        profile("orders", agent("bot", "explore"), agent("desk", "explore"));
        try (var idle = database.server().connect(database.name() + "_rw", desk);
                var statement = idle.createStatement()) {
            idle.setAutoCommit(false);
            statement.execute("SELECT * FROM orders");

            var said = ends(4, "apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");

            assertThat(said).contains("the guard of " + database.name() + ".orders, which nobody needs any more");
            try (var session = database.connect(operator.published("desk"));
                    var reads = session.createStatement()) {
                reads.execute("SELECT * FROM orders");
            }
            assertThat(writes("orders")).startsWith("1044 ");
            idle.rollback();
        }

        ends(0, "apply", "shop.yaml", "--yes");
        assertThat(
                        database.query(
                                "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'agentroles\\_guard'"))
                .isEmpty();
    }

    @Test
    void whoReadsTheLimitsHoldsUpTheRemovalOfTheGuardAndNothingElse() throws SQLException, IOException {
        profile("orders", agent("bot", "explore"), agent("helper", "explore"));
        try (var idle = database.superuser();
                var statement = idle.createStatement()) {
            idle.setAutoCommit(false);
            statement.execute("SELECT * FROM agentroles_guard.limits");

            assertThat(ends(4, "apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1"))
                    .contains("no table needs the guard any more, and not all of the guard could be removed");
            helperHasTakenThePlaceOf("desk");
            idle.rollback();
        }

        ends(0, "apply", "shop.yaml", "--yes");
        ends(0, "plan", "shop.yaml");
    }
}
