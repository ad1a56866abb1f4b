package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every attack and every ordinary statement of the case files comes out as it is written there.
@OnEachPostgreSql
final class GuardCasesTest {
    private static final String ONLY = System.getProperty("agentroles.case", "");

    private final PostgreSql server;

    @AutoClose
    private final Ground ground;

    @AutoClose
    private final Rows rows;

    GuardCasesTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.server = server;
        this.ground = new Ground(server, directory);
        // Views are no part of the tier; a grant by hand leads to the same tables.
        ground.database.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON v_orders, v_io TO \"" + ground.writer() + '"');
        this.rows = new Rows(ground.database);
    }

    @ParameterizedTest(name = "{0} by the {1} protocol")
    @CsvSource({"cases.yaml, SIMPLE", "cases.yaml, EXTENDED", "attacks.yaml, SIMPLE", "attacks.yaml, EXTENDED"})
    void casesComeOutAsWritten(String file, Client.Protocol protocol) throws SQLException {
        var wrong = new ArrayList<String>();
        for (var one : GuardCase.load(file).toList()) {
            if (one.since() <= server.major()
                    && (ONLY.isEmpty() || one.id().matches(ONLY))
                    && one.by().contains(protocol)
                    && possible(one)) {
                run(one, protocol).ifPresent(fault -> wrong.add("%s (%s): %s".formatted(one.id(), one.why(), fault)));
            }
        }
        assertThat(String.join("\n", wrong)).isEmpty();
    }

    private boolean possible(GuardCase one) throws SQLException {
        return !one.needs().equals(Optional.of("dblink"))
                || !ground.database
                        .query("SELECT name FROM pg_available_extensions WHERE name = 'dblink'")
                        .isEmpty();
    }

    private Optional<String> run(GuardCase one, Client.Protocol protocol) throws SQLException {
        for (var sql : one.setup()) {
            ground.database.execute(named(sql));
        }
        if (!one.limits().isEmpty()) {
            ground.database.execute(limits(one.limits()));
        }
        List<String> errors;
        try (var client = new Client(ground.database.url(), ground.agent(), protocol)) {
            for (var item : one.send()) {
                if (item instanceof GuardCase.Item.As(var who, var sql)) {
                    other(who, sql, client.errors());
                } else {
                    client.send(named(item));
                }
            }
            errors = client.errors();
        }
        var difference = rows.difference();
        undo(one, difference);
        return fault(one, errors, difference);
    }

    private static Optional<String> fault(GuardCase one, List<String> errors, Rows.Difference difference) {
        return switch (one.expect()) {
            case REFUSED -> {
                if (errors.isEmpty()) {
                    yield Optional.of("nothing was refused, " + difference.rows() + " rows changed");
                }
                yield tooMany(one, errors, difference);
            }
            case ALLOWED ->
                errors.isEmpty() ? tooMany(one, errors, difference) : Optional.of("refused: " + errors.getFirst());
            case UNCHANGED -> tooMany(one, errors, difference);
        };
    }

    private static Optional<String> tooMany(GuardCase one, List<String> errors, Rows.Difference difference) {
        boolean attack = one.id().matches("(a|va|b).*") || one.expect() != GuardCase.Expect.ALLOWED;
        return attack && difference.rows() > one.changes()
                ? Optional.of(difference.rows() + " rows changed, errors: " + errors)
                : Optional.empty();
    }

    /// Rows, limits, and what was done to roles, as they were before.
    private void undo(GuardCase one, Rows.Difference difference) throws SQLException {
        if (!difference.none()) {
            rows.restore(difference);
        }
        if (!one.limits().isEmpty()) {
            ground.database.execute(limits(Map.of()), "TRUNCATE agentroles_guard.usage");
        }
        if (!one.setup().isEmpty() || one.send().toString().contains("ALTER ROLE")) {
            var agent = named("{agent}");
            ground.database.execute(
                    "ALTER ROLE %s INHERIT".formatted(agent),
                    "ALTER ROLE %s RESET ALL".formatted(agent),
                    "REVOKE %s FROM %s".formatted(agent, ground.application.username()),
                    "REVOKE SET ON PARAMETER session_replication_role, track_counts FROM " + agent);
        }
    }

    private String named(String text) {
        return text.replace("{agent}", '"' + ground.agent().username() + '"')
                .replace("{writer}", '"' + ground.writer() + '"')
                .replace("{admin}", ground.administrator.username())
                .replace("{app}", ground.application.username());
    }

    private GuardCase.Item named(GuardCase.Item item) {
        return item instanceof GuardCase.Item.Message(var text) ? new GuardCase.Item.Message(named(text)) : item;
    }

    private void other(String who, String sql, List<String> errors) throws SQLException {
        Login login = who.equals("app") ? ground.application : server.superuserLogin();
        try (var connection = ground.database.connect(login);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException refused) {
            errors.add(refused.getSQLState() + " " + refused.getMessage());
        }
    }

    private static String limits(Map<String, Object> given) {
        var columns = Map.of(
                "rows", "bigint",
                "rows_per_transaction", "bigint",
                "whole_table", "bigint",
                "rows_per_window", "bigint",
                "window_seconds", "bigint",
                "functions", "boolean");
        var defaults = Map.of(
                "rows", "1000",
                "rows_per_transaction", "10000",
                "whole_table", "20",
                "rows_per_window", "NULL",
                "window_seconds", "60",
                "functions", "false");
        var values = List.of(
                        "rows", "rows_per_transaction", "whole_table", "rows_per_window", "window_seconds", "functions")
                .stream()
                .map(name -> String.valueOf(given.getOrDefault(name, defaults.get(name))) + "::" + columns.get(name))
                .collect(Collectors.joining(", "));
        return """
                DO $$ BEGIN EXECUTE (SELECT format('CREATE OR REPLACE VIEW agentroles_guard.limits (agent, tier, rows,
                  rows_per_transaction, whole_table, rows_per_window, window_seconds, functions) AS VALUES
                  (%%L::name, %%L::name, %s)', agent, tier) FROM agentroles_guard.limits); END $$
                """.formatted(values);
    }
}
