package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.cli.CrashActs.Act;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The server, which nobody else uses, is killed and comes back, or stops answering, in the middle of an act.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresOutageTest {
    private final PostgreSql server = PostgreSql.newest().another();

    private ProcessHandle process = ProcessHandle.current();

    @BeforeAll
    void itKeepsWhatItHasCommitted() throws SQLException, IOException {
        try (var database = server.createDatabase()) {
            database.execute("ALTER SYSTEM SET synchronous_commit = on", "SELECT pg_reload_conf()");
            var data = database.query("SHOW data_directory").getFirst();
            process = ProcessHandle.of(Long.parseLong(
                            Files.readAllLines(Path.of(data, "postmaster.pid")).getFirst()))
                    .orElseThrow();
        }
    }

    /// The one that was started again is no longer the one that the script knows.
    @AfterAll
    void itEnds() throws Exception {
        assertThat(signal("QUIT", process)).isTrue();
        process.onExit().get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "rotate, LOGIN_ISSUED:1",
        "rotate, LOGIN_PROVEN:1",
        "rotate, SECRET_PUBLISHED:1",
        "reap, LOGIN_DROPPED:1",
        "reap, STORE_READ:1",
        "revoke, STOP_RECORDED:1",
        "revoke, LOGINS_CLOSED:1",
        "freeze, STOP_RECORDED:1",
        "freeze, LOGINS_CLOSED:1"
    })
    void aServerThatIsKilledKnowsWhatWasDoneWhenItComesBack(String name, String point, @TempDir Path directory)
            throws Exception {
        try (var ground = Ground.onFile(server, directory)) {
            var act = act(name);
            act.before().on(ground);
            var command = command();

            CrashMatrix.runUntil(
                    ground,
                    act,
                    point,
                    () -> assertThat(signal("KILL", process)).isTrue());

            process.onExit().get(30, TimeUnit.SECONDS);
            startAgain(command, directory.resolve("again.log"), ground);
            converges(ground, act, point);
        }
    }

    @ParameterizedTest
    @CsvSource({"rotate, LOGIN_PROVEN:1", "reap, LOGIN_DROPPED:1", "revoke, STOP_RECORDED:1", "freeze, LOGINS_CLOSED:1"
    })
    void aServerThatDoesNotAnswerIsGivenUp(String name, String point, @TempDir Path directory) throws Exception {
        try (var ground = Ground.onFile(server, directory)) {
            var patient = act(name);
            var command = Stream.concat(patient.command().stream(), Stream.of("--timeout", "1"))
                    .toList();
            var act = new Act(name, patient.agent(), command, patient.before(), patient.after(), patient.points());
            act.before().on(ground);
            var stopped = new ArrayList<ProcessHandle>();
            try {
                CrashMatrix.runUntil(ground, act, point, () -> {
                    stopped.add(process);
                    process.children().forEach(stopped::add);
                    stopped.forEach(one -> signal("STOP", one));
                });
            } finally {
                stopped.forEach(one -> signal("CONT", one));
            }

            converges(ground, act, point);
        }
    }

    private static void converges(Ground ground, Act act, String point) throws Exception {
        var what = act.name() + " at " + point;
        assertThat(ground.publishedWorksOrIsOwed(act.agent())).as(what).isTrue();
        act.after().on(ground, what);
    }

    private static Act act(String name) {
        return CrashActs.of(Ground.AGENT, Ground.OTHER).stream()
                .filter(act -> act.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// As the kernel tells it: each argument ends with NUL. PostgreSQL does not run as root: it was started
    /// in a user namespace, or as somebody else.
    private List<String> command() throws IOException {
        var files = Path.of("/proc", Long.toString(process.pid()));
        var arguments = Pattern.compile("\0").splitAsStream(Files.readString(files.resolve("cmdline")));
        var owner = process.info().user().orElseThrow();
        return Stream.concat(as(owner).stream(), arguments).toList();
    }

    private static List<String> as(String owner) {
        if (!owner.equals("root")) {
            return System.getProperty("user.name").equals("root")
                    ? List.of("setpriv", "--reuid=" + owner, "--regid=65534", "--clear-groups")
                    : List.of();
        }
        return List.of("unshare", "-U");
    }

    /// What is left of the killed one may still hold its shared memory.
    private void startAgain(List<String> command, Path log, Ground ground) throws Exception {
        for (int attempt = 0; attempt < 300; attempt++) {
            var again = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            while (again.isAlive()) {
                if (answers(ground)) {
                    process = again.toHandle();
                    return;
                }
                again.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }
        throw new AssertionError("the server has not come back: " + Files.readString(log));
    }

    private static boolean answers(Ground ground) {
        try {
            return !ground.database.query("SELECT 1").isEmpty();
        } catch (SQLException notYet) {
            return false;
        }
    }

    /// @return whether it was still there
    private static boolean signal(String name, ProcessHandle process) {
        try {
            return new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }
}
