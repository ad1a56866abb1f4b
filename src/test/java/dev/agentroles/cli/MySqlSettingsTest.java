package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a server can only be told when it starts.
@OnEachMySql
final class MySqlSettingsTest {
    private final MySql server;
    private final Path directory;
    private Optional<MySql> own = Optional.empty();

    MySqlSettingsTest(MySql server, @TempDir Path directory) {
        this.server = server;
        this.directory = directory;
    }

    @AfterEach
    void stop() {
        own.ifPresent(MySql::stop);
    }

    private MySql with(String... options) {
        var started = server.with(options);
        own = Optional.of(started);
        return started;
    }

    private Operator shop(MySqlDatabase database, String table, String entry) throws SQLException, IOException {
        database.execute(
                "CREATE TABLE %s (Id int PRIMARY KEY, Total int)".formatted(table),
                "INSERT INTO %s VALUES (1, 1), (2, 2)".formatted(table));
        var operator = new Operator(directory, database, database.administrator());
        operator.write("shop.yaml", operator.head("production") + entry + """
                scopes:
                  orders: {database: %1$s, include: [%1$s.%2$s]}
                agents:
                  bot:
                    access: [{scope: orders, tier: writer, rows: 1}]
                """.formatted(database.name(), table));
        return operator;
    }

    private String profile() throws IOException {
        return Files.readString(directory.resolve("shop.yaml"));
    }

    /// The writer changes a row, and no more than it may.
    private static void writes(MySqlDatabase database, Operator operator, String table) throws SQLException {
        var views = operator.secret("bot").orElseThrow().url().replaceFirst(".*/", "");
        try (var session = database.server().connect(views, operator.published("bot"));
                var statement = session.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE %s SET Total = 3 WHERE Id = 1".formatted(table)))
                    .isOne();
            for (var condition : List.of("", " WHERE Id > 0")) {
                var refused = "UPDATE %s SET Total = 3%s".formatted(table, condition);
                assertThatThrownBy(() -> statement.execute(refused)).hasMessageContaining("agentroles refused");
            }
        }
    }

    /// `lower_case_table_names = 2` is for file systems that know no difference; servers refuse it on others.
    @Test
    void namesInSmallLettersAndHostsByAddressAreWhatTheServerKnows() throws SQLException, IOException {
        try (var database =
                with("--lower-case-table-names=1", "--skip-name-resolve").createDatabase()) {
            var operator = shop(database, "Orders", "    hosts: [app.example.com, 127.0.0.1]\n");

            assertThat(operator.ends(1, "apply", "shop.yaml", "--yes").err())
                    .contains(
                            "the server does not look names up (skip_name_resolve), so nobody comes from app.example.com");

            operator.write("shop.yaml", profile().replace("app.example.com, ", ""));
            assertThat(operator.ends(1, "apply", "shop.yaml", "--yes").err())
                    .contains("did you mean \"" + database.name() + ".orders\"?");

            operator.write("shop.yaml", profile().replace("Orders", "orders"));
            operator.ends(0, "apply", "shop.yaml", "--yes");
            operator.ends(0, "plan", "shop.yaml");
            writes(database, operator, "ORDERS");
        }
    }

    /// On MariaDB its own view of events is an error then.
    @Test
    void aServerThatIsNeverToRunAnEventIsWorkedOnAllTheSame() throws SQLException, IOException {
        try (var database = with("--event-scheduler=DISABLED").createDatabase()) {
            var operator = shop(database, "orders", "");

            operator.ends(0, "apply", "shop.yaml", "--yes");
            operator.ends(0, "plan", "shop.yaml");
            writes(database, operator, "orders");

            operator.write("shop.yaml", profile().replace("scopes:", "    expiry_event: true\nscopes:"));
            assertThat(operator.ends(1, "plan", "shop.yaml").out()).contains("the server's event scheduler is off");
        }
    }

    /// MariaDB keeps no binary log unless it is told to.
    @Test
    void aBinaryLogOfStatementsAndOneWithoutTrustInFunctionsKeepWritersOut() throws SQLException, IOException {
        try (var database = with("--log-bin=log", "--server-id=1", "--binlog-format=STATEMENT")
                .createDatabase()) {
            var operator = shop(database, "orders", "");
            var writer = profile();

            assertThat(operator.ends(1, "apply", "shop.yaml", "--yes").err())
                    .contains("the binary log holds statements (binlog_format = STATEMENT)");

            operator.write("shop.yaml", writer.replace("tier: writer, rows: 1", "tier: ddl-denied"));
            operator.ends(0, "apply", "shop.yaml", "--yes");
            operator.ends(0, "rotate", "shop.yaml", "--all");
            operator.ends(0, "plan", "shop.yaml");

            // The harness gives the administrator what init lists, trust in functions among it.
            database.execute("SET GLOBAL binlog_format = 'ROW'", "SET GLOBAL log_bin_trust_function_creators = 0");
            operator.write("shop.yaml", writer);
            var cure = "SET GLOBAL log_bin_trust_function_creators = 1";
            assertThat(operator.ends(1, "apply", "shop.yaml", "--yes").err()).contains(cure);

            database.execute(cure);
            operator.ends(0, "apply", "shop.yaml", "--yes");
            operator.ends(0, "rotate", "shop.yaml", "--all");
            writes(database, operator, "orders");
        }
    }
}
