package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every attack and every ordinary statement of the case files comes out as it is written there, by both
/// protocols: each in a database of its own, at the same time.
@OnEachPostgreSql
final class GuardCasesTest {
    private static final String ONLY = System.getProperty("agentroles.case", "");

    /// The rights on a parameter are one row for the whole server.
    private static final Object PARAMETERS = new Object();

    private final PostgreSql server;

    @AutoClose
    private final Stage simple;

    @AutoClose
    private final Stage extended;

    GuardCasesTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.server = server;
        this.simple = new Stage(server, directory.resolve("simple"), Client.Protocol.SIMPLE);
        this.extended = new Stage(server, directory.resolve("extended"), Client.Protocol.EXTENDED);
    }

    @Test
    void everyCaseComesOutAsWritten() throws InterruptedException, ExecutionException {
        var cases = Stream.of("cases.yaml", "attacks.yaml")
                .flatMap(GuardCase::load)
                .filter(one -> one.since() <= server.major())
                .filter(one -> ONLY.isEmpty() || one.id().matches(ONLY))
                .toList();
        assertThat(cases).extracting(GuardCase::id).doesNotHaveDuplicates();
        var wrong = new ArrayList<String>();
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var run : threads.invokeAll(
                    List.<Callable<List<String>>>of(() -> simple.faults(cases), () -> extended.faults(cases)))) {
                wrong.addAll(run.get());
            }
        }
        assertThat(String.join("\n", wrong)).isEmpty();
    }

    /// One protocol's database.
    private static final class Stage implements AutoCloseable {
        private final Client.Protocol protocol;
        private final Ground ground;
        private final Login agent;
        private final Rows rows;
        private final Connection superuser;

        Stage(PostgreSql server, Path directory, Client.Protocol protocol) throws SQLException, IOException {
            this.protocol = protocol;
            this.ground = new Ground(server, Files.createDirectory(directory));
            this.agent = ground.agent();
            this.superuser = ground.database.superuser();
            // Views are no part of the tier; a grant by hand leads to the same tables.
            asSuperuser("GRANT SELECT, INSERT, UPDATE, DELETE ON v_orders, v_io TO \"%s\"".formatted(ground.writer()));
            this.rows = new Rows(ground.database);
        }

        List<String> faults(List<GuardCase> cases) throws SQLException {
            var wrong = new ArrayList<String>();
            for (var one : cases) {
                if (one.by().contains(protocol) && possible(one)) {
                    run(one).ifPresent(fault ->
                            wrong.add("%s by %s (%s): %s".formatted(one.id(), protocol, one.why(), fault)));
                }
            }
            return wrong;
        }

        private boolean possible(GuardCase one) throws SQLException {
            return !one.needs().equals(Optional.of("dblink"))
                    || !ground.database
                            .query("SELECT name FROM pg_available_extensions WHERE name = 'dblink'")
                            .isEmpty();
        }

        private Optional<String> run(GuardCase one) throws SQLException {
            for (var sql : one.setup()) {
                asSuperuser(named(sql));
            }
            if (!one.limits().isEmpty()) {
                asSuperuser(named(limits(one.limits())));
            }
            List<String> errors;
            try (var client = new Client(ground.database.url(), agent, protocol);
                    var beside = new Beside(ground, agent)) {
                for (var item : one.send()) {
                    if (item instanceof GuardCase.Item.As(var who, var sql)) {
                        other(who, named(sql), client.errors());
                    } else if (item instanceof GuardCase.Item.Beside(var sql)) {
                        beside.send(sql);
                    } else {
                        client.send(named(item, beside.said));
                    }
                }
                errors = client.errors();
            }
            var difference = rows.difference();
            undo(one, difference);
            return fault(one, errors, difference);
        }

        /// Rows, limits, and what was done to roles, as they were before.
        private void undo(GuardCase one, Rows.Difference difference) throws SQLException {
            if (!difference.none()) {
                rows.restore(difference);
            }
            if (!one.limits().isEmpty()) {
                asSuperuser(named(limits(Map.of())), "TRUNCATE agentroles_guard.usage");
            }
            if (!one.setup().isEmpty() || one.send().toString().contains("ALTER ROLE")) {
                asSuperuser(
                        named("ALTER ROLE {agent} INHERIT"),
                        named("ALTER ROLE {agent} RESET ALL"),
                        named("REVOKE {agent} FROM {app}"));
            }
            if (one.setup().toString().contains("PARAMETER")) {
                asSuperuser(named("REVOKE SET ON PARAMETER session_replication_role, track_counts FROM {agent}"));
            }
        }

        private void asSuperuser(String... statements) throws SQLException {
            try (var statement = superuser.createStatement()) {
                for (var sql : statements) {
                    if (sql.contains("PARAMETER")) {
                        synchronized (PARAMETERS) {
                            statement.execute(sql);
                        }
                    } else {
                        statement.execute(sql);
                    }
                }
                statement.execute("DISCARD ALL");
            }
        }

        private void other(String who, String sql, List<String> errors) throws SQLException {
            var login = switch (who) {
                case "agent" -> agent;
                case "app" -> ground.application;
                default -> ground.database.server().superuserLogin();
            };
            try (var connection = ground.database.connect(login);
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException refused) {
                errors.add(refused.getSQLState() + " " + refused.getMessage());
            }
        }

        private String named(String text) {
            return text.replace("{agent}", '"' + agent.username() + '"')
                    .replace("{writer}", '"' + ground.writer() + '"')
                    .replace("{admin}", ground.administrator.username())
                    .replace("{app}", ground.application.username());
        }

        private GuardCase.Item named(GuardCase.Item item, String said) {
            return item instanceof GuardCase.Item.Message(var text)
                    ? new GuardCase.Item.Message(named(text).replace("{said}", said))
                    : item;
        }

        @Override
        public void close() throws SQLException {
            superuser.close();
            rows.close();
            ground.close();
        }
    }

    /// A second session of the agent that stays open as long as the case runs, if it has one.
    private static final class Beside implements AutoCloseable {
        private final Ground ground;
        private final Login agent;
        private Optional<Connection> connection = Optional.empty();
        private String said = "";

        Beside(Ground ground, Login agent) {
            this.ground = ground;
            this.agent = agent;
        }

        /// What comes back is kept.
        void send(String sql) throws SQLException {
            if (connection.isEmpty()) {
                connection = Optional.of(ground.database.connect(agent));
            }
            try (var statement = connection.get().createStatement()) {
                if (statement.execute(sql)) {
                    var rows = statement.getResultSet();
                    rows.next();
                    said = rows.getString(1);
                }
            }
        }

        @Override
        public void close() throws SQLException {
            if (connection.isPresent()) {
                connection.get().close();
            }
        }
    }

    private static Optional<String> fault(GuardCase one, List<String> errors, Rows.Difference difference) {
        return switch (one.expect()) {
            case REFUSED -> {
                if (errors.isEmpty()) {
                    yield Optional.of("nothing was refused, " + difference.rows() + " rows changed");
                }
                long refused = errors.stream()
                        .filter(error -> error.split(" ", 2)[0].matches(one.sqlstate()))
                        .count();
                if (refused < (one.each() ? one.send().size() : 1)) {
                    yield Optional.of("not refused by " + one.sqlstate() + ": " + errors);
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

    private static String limits(Map<String, Object> given) {
        var limits = new TreeMap<String, Object>(Map.of(
                "rows", 1000,
                "rows_per_transaction", 10_000,
                "whole_table", 20,
                "rows_per_window", "null",
                "window_seconds", 60,
                "functions", false));
        limits.putAll(given);
        return """
                CREATE OR REPLACE FUNCTION agentroles_guard.limits(agent name) RETURNS jsonb LANGUAGE plpgsql STABLE
                AS $limits$BEGIN RETURN '[{"tier": {writer}, %s}]'::jsonb; END$limits$
                """.formatted(limits.entrySet().stream()
                .map(limit -> "\"%s\": %s".formatted(limit.getKey(), limit.getValue()))
                .collect(Collectors.joining(", ")));
    }
}
