package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnNewestMySqlAndMariaDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A writer's login begins among its guarded views, everybody else's among the tables: what is published must
/// say where, whatever becomes of an agent's tier.
@OnNewestMySqlAndMariaDb
final class MySqlTierChangeTest {
    private final MySql server;
    private final Path directory;

    @AutoClose
    private final MySqlDatabase database;

    private final Operator operator;
    private final String crm;

    MySqlTierChangeTest(MySql server, @TempDir Path directory) throws SQLException {
        this.server = server;
        this.directory = directory;
        this.database = server.createDatabase();
        this.crm = database.named("crm");
        database.execute(
                "CREATE TABLE orders (id int PRIMARY KEY, total int)",
                "INSERT INTO orders VALUES (1, 42)",
                "CREATE DATABASE " + crm,
                "CREATE TABLE " + crm + ".people (id int PRIMARY KEY, age int)",
                "INSERT INTO " + crm + ".people VALUES (1, 42)");
        var administrator = database.administrator();
        database.administers(administrator, crm);
        this.operator = new Operator(directory, database, administrator);
    }

    private void profile(String access) throws IOException {
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  orders: {database: %1$s, include: [%1$s.orders]}
                  everybody: {database: %1$s, include: ["*.people"]}
                  people: {database: %1$s, include: [%2$s.people]}
                agents:
                  desk:
                    access: [%3$s]
                  other:
                    access: [{scope: orders, tier: writer}]
                """.formatted(database.name(), crm, access));
    }

    private String ends(int code, String... arguments) {
        return operator.ends(code, arguments).all();
    }

    /// Logs in by the published URL, with plain names.
    private String asPublished(String sql) {
        var secret = operator.secret("desk").orElseThrow();
        var login = operator.published("desk");
        var url = secret.url().replace("jdbc:mariadb:", "jdbc:mysql:");
        try (var session = DriverManager.getConnection(
                        url + "?allowPublicKeyRetrieval=true", login.username(), login.clear());
                var statement = session.createStatement()) {
            statement.execute(sql);
            return "done";
        } catch (SQLException refused) {
            return refused.getErrorCode() + " " + refused.getMessage();
        }
    }

    private void changes(String from, String to) throws IOException {
        profile("{scope: orders, tier: %s}".formatted(to));

        assertThat(ends(2, "plan", "shop.yaml"))
                .contains("the published login ar_" + database.name() + "_desk_")
                .contains(" is for jdbc:");
        ends(0, "apply", "shop.yaml", "--yes");

        assertThat(asPublished("UPDATE orders SET total = 43 WHERE id = 1"))
                .as("after %s became %s", from, to)
                .isEqualTo("done");
        assertThat(operator.secret("desk").orElseThrow().tier()).isEqualTo("orders:" + to);
        ends(0, "plan", "shop.yaml");
        assertThat(ends(0, "rotate", "shop.yaml")).contains("Rotated 0, 2 not due.");
    }

    @Test
    void aChangedTierIsALineOfThePlanAndItsLoginWorks() throws IOException {
        profile("{scope: orders, tier: writer}");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(operator.secret("desk").orElseThrow().url()).endsWith("/" + database.name() + "_rw");

        changes("writer", "ddl-denied");
        changes("ddl-denied", "writer");
    }

    @Test
    void aTierThatLeadsElsewhereNoneTheLessIsToldAgain() throws IOException {
        profile("{scope: orders, tier: explore}");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        profile("{scope: orders, tier: ddl-denied}");

        assertThat(ends(0, "rotate", "shop.yaml")).contains("Rotated 0, 2 not due.");
        ends(0, "rotate", "shop.yaml", "--all");
        assertThat(operator.secret("desk").orElseThrow().tier()).isEqualTo("orders:explore");
        assertThat(ends(2, "plan", "shop.yaml")).contains("says orders:explore, and it is orders:ddl-denied");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(operator.secret("desk").orElseThrow().tier()).isEqualTo("orders:ddl-denied");
    }

    /// The pattern fits every schema, and has a table in one.
    @Test
    void whoWritesInAnotherSchemaOnlyBeginsWhereItHoldsSomething() throws IOException {
        profile("{scope: everybody, tier: writer}, {scope: orders, tier: explore}");

        ends(0, "apply", "shop.yaml", "--yes");

        assertThat(asPublished("SELECT * FROM orders")).isEqualTo("done");
        assertThat(asPublished("UPDATE %s_rw.people SET age = 43 WHERE id = 1".formatted(crm)))
                .isEqualTo("done");
    }

    @Test
    void aDatabaseOfViewsGoesWithItsLastView() throws SQLException, IOException {
        profile("{scope: people, tier: writer}, {scope: orders, tier: explore}");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        profile("{scope: orders, tier: explore}");
        assertThat(ends(2, "plan", "shop.yaml"))
                .contains("database " + crm + "_rw is dropped with the last guarded view in it");

        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(database.query(
                        "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE '" + crm + "\\_%'"))
                .isEmpty();
        assertThat(database.query("SELECT views FROM agentroles_guard.place ORDER BY views"))
                .hasSize(server.mariadb() ? 2 : 1)
                .allMatch(views -> views.startsWith(database.name() + "_rw"));
        assertThat(database.query(
                        "SELECT db, table_name FROM mysql.tables_priv WHERE user = 'agentroles_guard' AND db LIKE '"
                                + crm + "%'"))
                .isEmpty();
        ends(0, "plan", "shop.yaml");
    }

    /// Procedures and events are no tables, and would go with their database.
    @Test
    void aDatabaseOfViewsInWhichSomebodyElseHasSomethingStays() throws SQLException, IOException {
        profile("{scope: people, tier: writer}, {scope: orders, tier: explore}");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        database.execute(
                "CREATE PROCEDURE %s_rw.nightly() SELECT 1".formatted(crm),
                "CREATE EVENT %s_rw.weekly ON SCHEDULE EVERY 7 DAY DO SELECT 1".formatted(database.name()));
        profile("{scope: orders, tier: explore}");

        assertThat(ends(2, "plan", "shop.yaml"))
                .contains("database " + crm + "_rw stays without a guarded view: procedure nightly in it is not"
                        + " agentroles'");
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        ends(0, "plan", "shop.yaml");
        operator.write(
                "shop.yaml", Files.readString(directory.resolve("shop.yaml")).replace("tier: writer", "tier: explore"));
        ends(0, "apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(
                        database.query(
                                "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'agentroles\\_guard'"))
                .isEmpty();
        assertThat(database.query(
                        "SELECT routine_name FROM information_schema.routines WHERE routine_schema = '" + crm + "_rw'"))
                .containsExactly("nightly");
        assertThat(database.query("SELECT event_name FROM information_schema.events WHERE event_schema = '"
                        + database.name() + "_rw'"))
                .containsExactly("weekly");
    }
}
