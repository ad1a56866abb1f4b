package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Database;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs that get a login of their own.
final class ExecTest {
    private final Path directory;

    @AutoClose
    private final Database database;

    private final Operator operator;

    ExecTest(@TempDir Path directory) throws SQLException {
        this.directory = directory;
        this.database = PostgreSql.newest().createDatabase();
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 42 AS id");
        var administrator = database.administratorWithGrantOptions("app");
        database.execute("GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(database.name(), administrator.username()));
        this.operator = new Operator(directory, database, administrator);
    }

    @BeforeEach
    void everythingIsApplied() throws IOException {
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  orders: {database: %s, include: [app.orders]}
                agents:
                  support-bot:
                    access: [{scope: orders, tier: explore}]
                """.formatted(database.name()));
        var said = operator.run("apply", "shop.yaml", "--yes");
        assertThat(said.code()).as(said.err()).isZero();
    }

    /// What a program of the agent does with its environment: the only thing it is given.
    static final class Client {
        private Client() {}

        public static void main(String[] arguments) throws Exception {
            var environment = System.getenv();
            var url = "jdbc:postgresql://%s:%s/%s"
                    .formatted(environment.get("PGHOST"), environment.get("PGPORT"), environment.get("PGDATABASE"));
            try (var session =
                            DriverManager.getConnection(url, environment.get("PGUSER"), environment.get("PGPASSWORD"));
                    var statement = session.createStatement();
                    var row = statement.executeQuery("SELECT id FROM app.orders")) {
                row.next();
                var lines = List.of(
                        row.getString("id"),
                        environment.get("PGUSER"),
                        environment.get("PGPASSWORD"),
                        environment.get("DATABASE_URL"),
                        Files.readString(Path.of("/proc/self/cmdline"))
                                + Files.readString(Path.of("/proc/"
                                        + ProcessHandle.current()
                                                .parent()
                                                .orElseThrow()
                                                .pid() + "/cmdline")));
                Files.write(Path.of(arguments[0]), lines);
            }
            System.exit(7);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Test
    void aProgramGetsALoginOfItsOwnThatEndsWithItAndItsExitCodeIsPassedOn() throws Exception {
        var file = directory.resolve("client.txt");

        var said = operator.run(
                "exec",
                "shop.yaml",
                "--agent",
                "support-bot",
                "--",
                java(),
                "-cp",
                System.getProperty("java.class.path"),
                Client.class.getName(),
                file.toString());

        assertThat(said.code()).as(said.err()).isEqualTo(7);
        var lines = Files.readAllLines(file);
        var user = lines.get(1);
        var password = lines.get(2);
        assertThat(lines.getFirst()).isEqualTo("42");
        assertThat(lines.get(3))
                .startsWith("postgresql://" + user + ":" + password + "@")
                .endsWith("/" + database.name());
        assertThat(lines.get(4)).contains("Client").doesNotContain(password);
        assertThat(said.out() + said.err()).doesNotContain(password);
        assertThat(database.query("SELECT 1 FROM pg_roles WHERE rolname = '" + user + "'"))
                .isEmpty();
        assertThat(database.query("SELECT purpose || ' ' || state FROM agentroles.lease WHERE login = '" + user + "'"))
                .containsExactly("PROGRAM ENDED");
    }

    @Test
    void neitherApplyNorReapTakesTheLoginFromARunningProgram() throws Exception {
        var go = directory.resolve("go");
        var said = new java.util.concurrent.CompletableFuture<Operator.Said>();
        Thread.ofVirtual()
                .start(() -> said.complete(operator.run(
                        "exec",
                        "shop.yaml",
                        "--agent",
                        "support-bot",
                        "--",
                        "sh",
                        "-c",
                        "touch '" + go + "'; while [ -e '" + go + "' ]; do sleep 0.1; done; exit 3")));
        while (!Files.exists(go)) {
            Thread.onSpinWait();
        }

        assertThat(operator.run("plan", "shop.yaml").code()).isZero();
        assertThat(operator.run("reap", "shop.yaml").out()).isEqualTo("Nothing to reap.\n");
        assertThat(operator.run("status", "shop.yaml").out()).contains("(a program's)");

        Files.delete(go);
        assertThat(said.get().code()).isEqualTo(3);
    }

    @Test
    void psqlRunsThroughItWhereItIsHere() {
        var psql = operator.run(
                "exec",
                "shop.yaml",
                "--agent",
                "support-bot",
                "--",
                "sh",
                "-c",
                "command -v psql >/dev/null || exit 0; test \"$(psql -Atc 'SELECT id FROM app.orders')\" = 42");

        assertThat(psql.code()).as(psql.err()).isZero();
    }

    @Test
    void aProgramThatIsNotThereLeavesNoLoginBehind() throws SQLException {
        var said = operator.run("exec", "shop.yaml", "--agent", "support-bot", "--", "no-such-program");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("the program no-such-program cannot be started");
        assertThat(database.query("SELECT purpose || ' ' || state FROM agentroles.lease WHERE purpose = 'PROGRAM'"))
                .containsExactly("PROGRAM ENDED");
    }

    @Test
    void nothingIsLentWhileTheEnvironmentIsFrozenOrTheAgentRevoked() {
        operator.run("revoke", "shop.yaml", "--agent", "support-bot", "--reason", "odd queries");
        var revoked = operator.run("exec", "shop.yaml", "--agent", "support-bot", "--", "true");
        assertThat(revoked.code()).isEqualTo(3);
        assertThat(revoked.err()).contains("agent support-bot is revoked: tester@test revoked it at");

        operator.run("freeze", "shop.yaml", "--reason", "incident 42");
        var frozen = operator.run("exec", "shop.yaml", "--agent", "support-bot", "--", "true");
        assertThat(frozen.code()).isEqualTo(3);
        assertThat(frozen.err()).contains("because: incident 42");
    }

    @Test
    void aSignalIsPassedOnAndTheLoginEndsAllTheSame() throws Exception {
        var ready = directory.resolve("ready");
        var process = new ProcessBuilder(
                        java(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.agentroles.Main",
                        "exec",
                        "shop.yaml",
                        "--agent",
                        "support-bot",
                        "--",
                        "sh",
                        "-c",
                        "trap 'exit 9' TERM; touch '" + ready + "'; while :; do sleep 0.1; done")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said.txt").toFile());
        process.environment().putAll(operator.environment());
        var running = process.start();
        while (!Files.exists(ready) && running.isAlive()) {
            Thread.onSpinWait();
        }

        running.destroy();

        assertThat(running.waitFor())
                .as(Files.readString(directory.resolve("said.txt")))
                .isEqualTo(9);
        assertThat(database.query("SELECT purpose || ' ' || state FROM agentroles.lease WHERE purpose = 'PROGRAM'"))
                .containsExactly("PROGRAM ENDED");
    }

    @Test
    void theLoginOfAProgramWhoseKeeperWasKilledIsReaped() throws Exception {
        var ready = directory.resolve("ready");
        var process = new ProcessBuilder(
                        java(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.agentroles.Main",
                        "exec",
                        "shop.yaml",
                        "--agent",
                        "support-bot",
                        "--",
                        "sh",
                        "-c",
                        "touch '" + ready + "'; read line")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said.txt").toFile());
        process.environment().putAll(operator.environment());
        var running = process.start();
        while (!Files.exists(ready) && running.isAlive()) {
            Thread.onSpinWait();
        }
        running.destroyForcibly().waitFor();

        var said = operator.run("reap", "shop.yaml");

        assertThat(said.out()).contains("nobody was told of it");
        assertThat(database.query("SELECT purpose || ' ' || state FROM agentroles.lease WHERE purpose = 'PROGRAM'"))
                .containsExactly("PROGRAM ENDED");
    }
}
