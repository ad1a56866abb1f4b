package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.RoleName;
import dev.agentroles.cli.Operator;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// The test database as `agentroles apply` has guarded it for one writer: 100 rows a statement, 500
/// a minute and session. The administrator has what `agentroles init` lists, and no more.
final class GuardGround implements AutoCloseable {
    static final List<String> TABLES = List.of("customers", "orders", "order_items", "tiny", "big", "part");
    static final String AGENT = "janitor";

    final MySqlDatabase database;
    final Login writer;
    final Login administrator;
    final Operator operator;
    private final Path directory;

    GuardGround(MySql server) throws SQLException, IOException {
        database = server.createDatabase();
        for (var statement : part("schema", "")) {
            database.execute(statement);
        }
        database.execute("SET GLOBAL local_infile = 1");
        administrator = database.administrator();
        directory = Files.createTempDirectory("agentroles-");
        operator = new Operator(directory, database, administrator);
        try {
            profile(TABLES, ", rows: 100, rows_per_transaction: 500");
            apply();
            writer = published();
        } catch (IOException | RuntimeException | AssertionError broken) {
            close();
            throw broken;
        }
    }

    RoleName tier() {
        return new RoleName("ar_" + database.name() + "_shop_writer");
    }

    RoleName agent() {
        return new RoleName("ar_" + database.name() + "_" + AGENT);
    }

    /// @param limits with a comma before each: `, rows: 5`
    void profile(List<String> tables, String limits) throws IOException {
        operator.write(
                "shop.yaml",
                operator.head("production")
                        + """
                scopes:
                  shop:
                    database: %1$s
                    include: [%2$s]
                agents:
                  %3$s:
                    access: [{scope: shop, tier: writer%4$s}]
                    lease: {ttl: 6h, connections: 50}
                """.formatted(
                                        database.name(),
                                        tables.stream()
                                                .map(table -> database.name() + "." + table)
                                                .collect(Collectors.joining(", ")),
                                        AGENT,
                                        limits));
    }

    void apply() {
        var said = operator.run("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(said.code()).as(said.out() + said.err()).isZero();
    }

    /// What `plan` says, whether or not something is to be done.
    String plan() {
        var said = operator.run("plan", "shop.yaml", "-v", "--no-color");
        return said.out() + said.err();
    }

    private Login published() {
        // A writer's own database is the one of the guarded views.
        assertThat(operator.secret(AGENT).orElseThrow().url()).isEqualTo(url());
        return operator.published(AGENT);
    }

    String views() {
        return GuardSql.viewsOf(database.name());
    }

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
        run(part("data", writer.username()));
    }

    /// Names of the case files as they are here.
    String named(String text) {
        return named(text, writer.username());
    }

    private String named(String text, String account) {
        return text.replace("shop_rw", views())
                .replace("shop_in", database.name() + "_rw_in")
                .replaceAll("\\bshop\\b(?=[.`;]| )", database.name())
                .replace("agt_w", account)
                .replaceAll("\\bagentguard\\b", GuardSql.SCHEMA);
    }

    private List<String> part(String name, String account) {
        var text = resource("testdb.sql");
        var from = text.indexOf("-- >>>> " + name);
        var to = text.indexOf("-- >>>> ", from + 1);
        return Arrays.stream(named(text.substring(text.indexOf('\n', from), to < 0 ? text.length() : to), account)
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
    public void close() throws SQLException, IOException {
        database.close();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
