package dev.agentroles.engine.mysql;

import dev.agentroles.access.Guard;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The test database under the guard, for one writer: 100 rows a statement, 500 a minute and session.
final class GuardGround implements AutoCloseable {
    static final List<String> TABLES = List.of("customers", "orders", "order_items", "tiny", "big", "part");
    static final RoleName AGENT = new RoleName("ar_shop_janitor");
    static final RoleName TIER = new RoleName("ar_shop_all_writer");
    private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

    final MySqlDatabase database;
    final Login writer;
    final GuardSql sql;

    GuardGround(MySql server) throws SQLException {
        database = server.createDatabase();
        sql = new GuardSql(server.mariadb() ? new MariaDbGuard() : new MySqlGuard());
        writer = database.login("w");
        run(part("schema"));
        try (var connection = server.superuser()) {
            run(connection, List.of("SET GLOBAL local_infile = 1"));
            run(connection, sql.core());
            guard(connection, TABLES);
            run(connection, List.of(GuardSql.limits(limits(100, 500))));
            run(connection, List.of(GuardSql.account(new RoleName(writer.username()), AGENT, LATER)));
        }
        for (var table : TABLES) {
            grant(table);
        }
    }

    static Guard.Limits limits(long rows, long rowsPerTransaction) {
        return new Guard.Limits(
                AGENT, TIER, Optional.of(new Guard.Caps(rows, rowsPerTransaction, 20, Optional.empty(), false)));
    }

    /// Builds the views of tables, or builds them again.
    void guard(Connection connection, List<String> names) throws SQLException {
        var tables = GuardTables.read(connection);
        for (var name : names) {
            var table =
                    tables.find(new Securable.Relation(database.name(), name)).orElseThrow();
            var guarded = tables.guarded(table, List.of(TIER));
            run(connection, sql.attach(guarded));
            for (var function : sql.form().callable(guarded)) {
                run(
                        connection,
                        List.of("GRANT EXECUTE ON FUNCTION agentroles_guard.%s TO '%s'@'%%'"
                                .formatted(function, writer.username())));
            }
        }
    }

    void grant(String table) throws SQLException {
        run(List.of(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON %s.%s TO '%s'@'%%'"
                        .formatted(views(), table, writer.username()),
                "GRANT SELECT ON %s.%s TO '%s'@'%%'".formatted(database.name(), table, writer.username())));
    }

    String views() {
        return GuardSql.viewsOf(database.name());
    }

    /// The agent's default database is the one of its views.
    String url() {
        return database.server().url(views());
    }

    void expire() throws SQLException {
        run(List.of("UPDATE agentroles_guard.account SET expires_at = unix_timestamp() - 1"));
    }

    void restore() throws SQLException {
        run(List.of("UPDATE agentroles_guard.account SET expires_at = 4102444800"));
    }

    /// The rows as they are before each case.
    void fill() throws SQLException {
        run(part("data"));
    }

    /// Names of the case files as they are here.
    String named(String text) {
        return text.replace("shop_rw", views())
                .replace("shop_in", database.name() + "_rw_in")
                .replaceAll("\\bshop\\b(?=[.`;]| )", database.name())
                .replace("agt_w", writer.username())
                .replaceAll("\\bagentguard\\b", GuardSql.SCHEMA);
    }

    private List<String> part(String name) {
        var text = resource("testdb.sql");
        var from = text.indexOf("-- >>>> " + name);
        var to = text.indexOf("-- >>>> ", from + 1);
        return Arrays.stream(named(text.substring(text.indexOf('\n', from), to < 0 ? text.length() : to))
                        .split(";\\s*\n"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    void run(List<String> statements) throws SQLException {
        try (var connection = database.superuser()) {
            run(connection, statements);
        }
    }

    static void run(Connection connection, List<String> statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (var text : statements) {
                try {
                    statement.execute(text);
                } catch (SQLException refused) {
                    throw new SQLException(text + "\n" + refused.getMessage(), refused.getSQLState(), refused);
                }
            }
        }
    }

    static String resource(String name) {
        try (var in = Objects.requireNonNull(GuardGround.class.getResourceAsStream("guard/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
