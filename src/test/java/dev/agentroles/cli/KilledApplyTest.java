package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.StorePath;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.RequestProxy;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process of its own applies a profile to an empty database and is killed (`kill -9`) at each of its
/// requests to the server: before the odd ones, after the even ones. The next apply must finish the work, and
/// nothing may be left.
final class KilledApplyTest {
    private static final List<String> AGENTS = List.of("support-bot", "order-desk");

    private final PostgreSql server = PostgreSql.newest();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void theNextApplyConvergesWhereverTheOneBeforeWasKilled() throws Exception {
        int requests = killedAt(Integer.MAX_VALUE);
        assertThat(requests).isGreaterThan(20);

        for (int at = 1; at <= requests; at++) {
            killedAt(at);
        }
    }

    /// @return how many requests the process made
    private int killedAt(int at) throws Exception {
        var folder = Files.createDirectory(directory.resolve("killed-at-" + at));
        try (var database = shop()) {
            var administrator = administrator(database);
            var operator = new Operator(folder, database, administrator);
            operator.write("shop.yaml", operator.head("production") + profile(database));
            int requests = run(folder, database, operator, at);

            var again = operator.run("apply", "shop.yaml", "--yes");
            assertThat(again.code())
                    .as("killed at request %d: %s%s", at, again.out(), again.err())
                    .isZero();
            var plan = operator.run("plan", "shop.yaml");
            assertThat(plan.code())
                    .as("killed at request %d: %s%s", at, plan.out(), plan.err())
                    .isZero();
            onlyWhatIsPublishedIsThere(at, database, operator);
            return requests;
        }
    }

    private static void onlyWhatIsPublishedIsThere(int at, Database database, Operator operator) throws SQLException {
        try (var store = operator.store()) {
            var published = AGENTS.stream()
                    .map(agent -> store.read(new StorePath("agents/production/" + database.name() + "/" + agent))
                            .held()
                            .orElseThrow()
                            .secret())
                    .toList();
            for (var secret : published) {
                try (var session = database.connect(new Login(secret.username(), secret.password()));
                        var statement = session.createStatement()) {
                    statement.execute("SELECT id FROM app.orders");
                }
            }
            assertThat(database.query(
                            "SELECT rolname FROM pg_roles WHERE rolcanlogin AND starts_with(rolname, 'ar_%s_')"
                                    .formatted(database.name())))
                    .as("logins after a kill at request %d", at)
                    .containsExactlyInAnyOrderElementsOf(
                            published.stream().map(secret -> secret.username()).toList());
        }
    }

    private int run(Path folder, Database database, Operator operator, int at) throws Exception {
        var process = new AtomicReference<@Nullable Process>();
        var address = java.net.URI.create(database.url().substring("jdbc:".length()));
        try (var proxy = new RequestProxy(
                address.getHost(),
                address.getPort(),
                number -> killIf(number == at && at % 2 == 1, process),
                number -> killIf(number == at && at % 2 == 0, process))) {
            operator.set("DB_URL", database.url().replace(":" + address.getPort() + "/", ":" + proxy.port() + "/"));
            process.set(start(folder, operator));
            int code = java.util.Objects.requireNonNull(process.get()).waitFor();
            assertThat(code)
                    .as("kill -9 ends with 137; %s", output(folder))
                    .isEqualTo(at == Integer.MAX_VALUE ? 0 : 137);
            operator.set("DB_URL", database.url());
            return proxy.requests();
        }
    }

    private static void killIf(boolean now, AtomicReference<@Nullable Process> process) {
        if (now) {
            java.util.Objects.requireNonNull(process.get())
                    .destroyForcibly()
                    .onExit()
                    .join();
        }
    }

    private static Process start(Path folder, Operator operator) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.agentroles.Main",
                        "apply",
                        "shop.yaml",
                        "--yes",
                        "--no-verify")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "said.txt"));
        builder.environment().putAll(operator.environment());
        return builder.start();
    }

    private static String output(Path folder) throws IOException {
        return Files.readString(folder.resolve("said.txt"));
    }

    private Database shop() throws SQLException {
        var database = server.createDatabase();
        database.execute(
                "CREATE SCHEMA app", "CREATE TABLE app.orders (id serial PRIMARY KEY, total int, card_number text)");
        return database;
    }

    private static Login administrator(Database database) throws SQLException {
        var administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        return administrator;
    }

    private static String profile(Database database) {
        return """
                scopes:
                  orders: {database: %s, include: [app.orders], exclude: [app.orders.card_number]}
                agents:
                  support-bot: {access: [{scope: orders, tier: explore}]}
                  order-desk: {access: [{scope: orders, tier: ddl-denied}]}
                """.formatted(database.name());
    }
}
