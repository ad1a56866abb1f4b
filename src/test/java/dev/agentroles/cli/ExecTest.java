package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Await;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Jvm;
import dev.agentroles.harness.OpenBao;
import dev.agentroles.harness.Python;
import dev.agentroles.harness.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs that get a login of their own.
final class ExecTest {
    private final Path directory;

    @AutoClose
    private final Ground ground;

    private final Database database;
    private final Operator operator;

    ExecTest(@TempDir Path directory) throws SQLException, IOException {
        this.directory = directory;
        this.ground = Ground.onFile(directory);
        this.database = ground.database;
        this.operator = ground.operator;
    }

    @BeforeEach
    void everythingIsApplied() {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    /// What a program of the agent does with its environment: the only thing it is given.
    static final class Client {
        private Client() {}

        public static void main(String[] arguments) throws Exception {
            var environment = System.getenv();
            var url = "jdbc:postgresql://%s:%s/%s"
                    .formatted(environment.get("PGHOST"), environment.get("PGPORT"), environment.get("PGDATABASE"));
            var login = new Properties();
            login.setProperty("user", environment.get("PGUSER"));
            // Without one, the driver looks into the file that PGPASSFILE names.
            Optional.ofNullable(environment.get("PGPASSWORD"))
                    .ifPresent(password -> login.setProperty("password", password));
            try (var session = DriverManager.getConnection(url, login);
                    var statement = session.createStatement();
                    var row = statement.executeQuery("SELECT id FROM app.orders")) {
                row.next();
                Files.write(
                        Path.of(arguments[0]),
                        List.of(
                                row.getString("id"),
                                environment.get("PGUSER"),
                                String.valueOf(environment.get("PGPASSWORD")),
                                environment.get("DATABASE_URL"),
                                commandLines(),
                                String.valueOf(environment.get("PGPASSFILE"))));
            }
            var passfile = environment.get("PGPASSFILE");
            if (passfile != null) {
                Files.write(
                        Path.of(arguments[0] + ".passfile"),
                        List.of(
                                PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(passfile))),
                                Files.readString(Path.of(passfile)).strip()));
            }
            System.exit(7);
        }

        /// Ours and our parent's, as everybody on the machine sees them.
        private static String commandLines() throws IOException {
            var parent = ProcessHandle.current().parent().orElseThrow().pid();
            return Files.readString(Path.of("/proc/self/cmdline"))
                    + Files.readString(Path.of("/proc/" + parent + "/cmdline"));
        }
    }

    private static List<String> client(Path file) {
        return Jvm.line(Client.class.getName(), file.toString());
    }

    private Operator.Said exec(String... program) {
        return operator.run(
                Stream.concat(Stream.of("exec", "shop.yaml", "--agent", Ground.AGENT, "--"), Stream.of(program))
                        .toArray(String[]::new));
    }

    private List<String> programLeases() throws SQLException {
        return database.query("SELECT state FROM agentroles.lease WHERE purpose = 'PROGRAM'");
    }

    @Test
    void aProgramGetsALoginOfItsOwnThatEndsWithItAndItsExitCodeIsPassedOn() throws Exception {
        var file = directory.resolve("client.txt");

        var said = exec(client(file).toArray(String[]::new));

        assertThat(said.code()).as(said.err()).isEqualTo(7);
        var lines = Files.readAllLines(file);
        var user = lines.get(1);
        var password = lines.get(2);
        assertThat(lines.getFirst()).isEqualTo("1");
        assertThat(lines.get(3))
                .startsWith("postgresql://" + user + ":" + password + "@")
                .endsWith("/" + database.name());
        assertThat(lines.get(4)).contains("Client").doesNotContain(password);
        assertThat(said.out() + said.err()).doesNotContain(password);
        assertThat(database.query("SELECT 1 FROM pg_roles WHERE rolname = '" + user + "'"))
                .isEmpty();
        assertThat(programLeases()).containsExactly("ENDED");
    }

    @Test
    void thePasswordIsHandedOverInAFileOfTheOwnersThatIsGoneAfterwards() throws Exception {
        var file = directory.resolve("client.txt");

        var line = Stream.concat(
                Stream.of("exec", "shop.yaml", "--agent", Ground.AGENT, "--passfile", "--"), client(file).stream());
        var said = operator.run(line.toArray(String[]::new));

        assertThat(said.code()).as(said.err()).isEqualTo(7);
        var lines = Files.readAllLines(file);
        var passfile = Files.readAllLines(Path.of(file + ".passfile"));
        assertThat(lines.getFirst()).isEqualTo("1");
        assertThat(lines.get(2)).as("PGPASSWORD").isEqualTo("null");
        assertThat(passfile).containsExactly("rw-------", passfile.getLast());
        assertThat(passfile.getLast()).startsWith("*:*:" + database.name() + ":" + lines.get(1) + ":");
        var password = passfile.getLast().substring(passfile.getLast().lastIndexOf(':') + 1);
        assertThat(lines.get(3))
                .startsWith("postgresql://" + lines.get(1) + "@")
                .doesNotContain(password);
        assertThat(Path.of(lines.get(5))).doesNotExist();
    }

    /// The administrator's password, the key of the store and the token for Vault are none of the agent's.
    @Test
    void whatTheProfileReadsFromTheEnvironmentIsNotPassedOn(@TempDir Path other) throws Exception {
        assertThat(variablesOfAProgram(directory, ground))
                .contains("PATH", "PGUSER", "PGPASSWORD", "DATABASE_URL", "AGENTROLES_EXPIRES_AT", "HARMLESS")
                .doesNotContain(
                        "DB_URL", "DB_ADMIN", "DB_PASSWORD", "AGE_IDENTITY", "PGSERVICE", "PGHOSTADDR", "VAULT_TOKEN");
        try (var vault = new Ground(other, OpenBao.shared())) {
            vault.clean("apply", "shop.yaml", "--yes", "--no-verify");
            assertThat(variablesOfAProgram(other, vault))
                    .contains("BAO_ADDR")
                    .doesNotContain("BAO_TOKEN", "VAULT_TOKEN", "DB_PASSWORD");
        }
    }

    /// The launcher has set one for Java's sake.
    @ParameterizedTest
    @CsvSource({"C, C", "'', none"})
    void theProgramHasTheLocaleOfWhoeverCalled(String callers, String programs) throws Exception {
        var file = directory.resolve("locale.txt");
        ground.operator.set("LC_ALL", "C.UTF-8");
        ground.operator.set("AGENTROLES_CALLER_LC_ALL", callers);

        var running =
                start(directory, ground, "echo \"${LC_ALL-none} ${AGENTROLES_CALLER_LC_ALL-none}\" > '" + file + "'");

        assertThat(running.waitFor()).as(said(directory)).isZero();
        assertThat(file).hasContent(programs + " none");
    }

    private static List<String> variablesOfAProgram(Path directory, Ground ground) throws Exception {
        var file = directory.resolve("variables.txt");
        ground.operator.set("HARMLESS", "1");
        ground.operator.set("VAULT_TOKEN", "for-something-else");
        ground.operator.set("PGSERVICE", "elsewhere");
        ground.operator.set("PGHOSTADDR", "192.0.2.1");
        var running = start(directory, ground, "env | sed -n 's/^\\([A-Z_]*\\)=.*/\\1/p' > '" + file + "'");

        assertThat(running.waitFor()).as(said(directory)).isZero();
        return Files.readAllLines(file);
    }

    /// The program itself in a process of its own, with a script of the agent's.
    static Process start(Path directory, LeaseGround ground, String script) throws IOException, InterruptedException {
        var program = PackedProgram.shared();
        program.learn(directory, ground.operator());
        // Whoever started the tests may have had these signals ignored, and that is inherited.
        var line = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
        line.addAll(program.line(
                "dev.agentroles.Main",
                List.of("exec", "shop.yaml", "--agent", ground.agent(), "--", "sh", "-c", script)));
        var process = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said.txt").toFile());
        process.environment().putAll(ground.operator().environment());
        return process.start();
    }

    static String said(Path directory) throws IOException {
        return Files.readString(directory.resolve("said.txt"));
    }

    private Process startAndAwait(String script) throws IOException, InterruptedException {
        var ready = directory.resolve("ready");
        var running = start(directory, ground, script.formatted(ready));
        Await.until(() -> Files.exists(ready) || !running.isAlive());
        return running;
    }

    @Test
    void neitherApplyNorReapTakesTheLoginFromARunningProgram() throws Exception {
        var go = directory.resolve("go");
        var said = new CompletableFuture<Operator.Said>();
        Thread.ofVirtual()
                .start(() -> said.complete(
                        exec("sh", "-c", "touch '" + go + "'; while [ -e '" + go + "' ]; do sleep 0.1; done; exit 3")));
        Await.until(() -> Files.exists(go));

        assertThat(operator.run("plan", "shop.yaml").code()).isZero();
        assertThat(operator.run("reap", "shop.yaml").out()).isEqualTo("Nothing to reap.\n");
        assertThat(operator.run("status", "shop.yaml").out()).contains("a program's");

        Files.delete(go);
        assertThat(said.get().code()).isEqualTo(3);
    }

    /// The server restarts, or ends the session: what is not heard of for a moment is not abandoned.
    @Test
    void aProgramKeepsItsLoginWhenOurSessionIsLost() throws Exception {
        var go = directory.resolve("go");
        var said = new CompletableFuture<Operator.Said>();
        Thread.ofVirtual()
                .start(() -> said.complete(
                        exec("sh", "-c", "touch '" + go + "'; while [ -e '" + go + "' ]; do sleep 0.1; done; exit 3")));
        Await.until(() -> Files.exists(go));
        ground.endOurSessions();
        database.execute("""
                DO $$ BEGIN
                  WHILE NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
                                     AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
                        AND clock_timestamp() < now() + interval '30 s'
                  LOOP PERFORM pg_sleep(0.05); END LOOP;
                END $$""");

        assertThat(operator.run("reap", "shop.yaml").out()).isEqualTo("Nothing to reap.\n");

        Files.delete(go);
        assertThat(said.get().code()).isEqualTo(3);
        assertThat(said.get().err()).isEmpty();
        assertThat(programLeases()).containsExactly("ENDED");
    }

    @Test
    void theLoginEndsWithTheProgramAlsoWhenOurSessionIsLost() throws Exception {
        var running = directory.resolve("running");
        var go = directory.resolve("go");
        var said = new CompletableFuture<Operator.Said>();
        Thread.ofVirtual()
                .start(() -> said.complete(exec(
                        "sh",
                        "-c",
                        "touch '" + running + "'; while [ ! -e '" + go + "' ]; do sleep 0.1; done; exit 3")));
        Await.until(() -> Files.exists(running));
        ground.endOurSessions();

        Files.createFile(go);

        assertThat(said.get().code()).isEqualTo(3);
        assertThat(said.get().err()).isEmpty();
        assertThat(programLeases()).containsExactly("ENDED");
    }

    /// Through libpq, which reads the variables: psql or, where there is none, psycopg.
    @ParameterizedTest
    @ValueSource(strings = {"", "--passfile"})
    void psqlRunsThroughIt(String option) {
        var script = Ran.has("psql") ? "test \"$(psql -Atc 'SELECT id FROM app.orders')\" = 1" : psycopg();

        var psql = option.isEmpty()
                ? exec("sh", "-c", script)
                : operator.run("exec", "shop.yaml", "--agent", Ground.AGENT, option, "--", "sh", "-c", script);

        assertThat(psql.code()).as(psql.err()).isZero();
    }

    private static String psycopg() {
        assertThat(Python.with(Python.POSTGRESQL_CLIENTS))
                .as("neither psql nor python3 with venv and pip is here, and one of them is needed")
                .isPresent();
        return Python.PROGRAM.toAbsolutePath()
                + " -c 'import psycopg; assert psycopg.connect().execute(\"SELECT id FROM app.orders\").fetchone() == (1,)'";
    }

    /// curl and others read a file where a word begins with @. That is theirs to do.
    @Test
    void aWordOfTheProgramReachesItAsItIs() throws IOException {
        var data = Files.writeString(directory.resolve("data.json"), "{} --verbose");
        var seen = directory.resolve("seen.txt");

        var said = exec("sh", "-c", "printf '%s' \"$*\" > '" + seen + "'", "sh", "-d", "@" + data);

        assertThat(said.code()).as(said.err()).isZero();
        assertThat(seen).hasContent("-d @" + data);
    }

    @Test
    void aProgramThatIsNotThereLeavesNoLoginBehind() throws SQLException {
        var said = exec("no-such-program");

        assertThat(said.code()).isEqualTo(127);
        assertThat(said.err()).contains("the program no-such-program cannot be started");
        assertThat(programLeases()).containsExactly("ENDED");
    }

    @Test
    void nothingIsLentWhileTheEnvironmentIsFrozenOrTheAgentRevoked() {
        operator.run("revoke", "shop.yaml", "--agent", "support-bot", "--reason", "odd queries");
        var revoked = exec("true");
        assertThat(revoked.code()).isEqualTo(3);
        assertThat(revoked.err()).contains("agent support-bot was revoked by tester@test at");

        operator.run("freeze", "shop.yaml", "--reason", "incident 42");
        var frozen = exec("true");
        assertThat(frozen.code()).isEqualTo(3);
        assertThat(frozen.err()).contains("because: incident 42");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "HUP", "INT", "USR1", "USR2"})
    void aSignalIsPassedOnAndTheLoginEndsAllTheSame(String signal) throws Exception {
        var running = startAndAwait("trap 'exit 9' " + signal + "; touch '%s'; while :; do sleep 0.1; done");

        new ProcessBuilder("kill", "-" + signal, Long.toString(running.pid())).start();

        assertThat(running.waitFor()).as(said(directory)).isEqualTo(9);
        assertThat(programLeases()).containsExactly("ENDED");
    }

    @Test
    void theLoginOfAProgramWhoseKeeperWasKilledIsReaped() throws Exception {
        var running = startAndAwait("touch '%s'; read line");
        running.destroyForcibly().waitFor();

        var said = operator.run("reap", "shop.yaml");

        assertThat(said.out()).contains("nobody was told of it");
        assertThat(programLeases()).containsExactly("ENDED");
    }
}
