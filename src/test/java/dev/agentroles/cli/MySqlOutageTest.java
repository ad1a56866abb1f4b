package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.harness.MySql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The server stops answering, or is killed and comes back, in the middle of a rotation. Each has a server of its own.
final class MySqlOutageTest {
    @TempDir
    private Path directory = Path.of("");

    static Stream<MySql> servers() {
        return MySql.newest().stream().map(MySql::another);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aServerThatDoesNotAnswerLeavesWhatIsPublishedAsItIs(MySql server) throws Exception {
        try (var ground = applied(server)) {
            var process = process(ground);
            ground.operator.onceAt(Point.STORE_READ, () -> signal("STOP", process));
            var before = ground.published(MySqlGround.AGENT);
            try {
                ground.ends(1, "rotate", "shop.yaml", "--agent", MySqlGround.AGENT, "--timeout", "1");
            } finally {
                signal("CONT", process);
            }

            assertThat(ground.published(MySqlGround.AGENT)).isEqualTo(before);
            ground.recovers();
        }
    }

    /// The ground goes with its server.
    @ParameterizedTest
    @MethodSource("servers")
    void aServerThatIsKilledKnowsWhatWasDoneWhenItComesBack(MySql server) throws Exception {
        var ground = applied(server);
        ground.database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 1", "SET GLOBAL sync_binlog = 1");
        var process = process(ground);
        var command = command(process);
        ground.operator.onceAt(Point.LOGIN_PROVEN, () -> signal("KILL", process));

        ground.operator.run("rotate", "shop.yaml", "--agent", MySqlGround.AGENT);

        process.onExit().get(10, TimeUnit.SECONDS);
        var again = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("again.log").toFile())
                .start();
        try {
            awaitAnswer(ground, again);
            assertThat(ground.works(ground.published(MySqlGround.AGENT).orElseThrow()))
                    .isTrue();
            ground.recovers();
        } finally {
            again.destroy();
            again.waitFor(30, TimeUnit.SECONDS);
        }
    }

    private MySqlGround applied(MySql server) throws SQLException, IOException {
        var ground = new MySqlGround(server, directory);
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        return ground;
    }

    private static ProcessHandle process(MySqlGround ground) throws SQLException, IOException {
        var file = Path.of(ground.database.query("SELECT @@pid_file").getFirst());
        return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
    }

    /// As the kernel tells it: each argument ends with NUL. The file that made the superuser's password is gone.
    private static List<String> command(ProcessHandle process) throws IOException {
        var line = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        return Pattern.compile("\0")
                .splitAsStream(line)
                .filter(argument -> !argument.startsWith("--init-file"))
                .toList();
    }

    private static void signal(String name, ProcessHandle process) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    private void awaitAnswer(MySqlGround ground, Process server) throws Exception {
        for (int look = 0; look < 300; look++) {
            assertThat(server.isAlive())
                    .as(Files.readString(directory.resolve("again.log")))
                    .isTrue();
            try {
                ground.database.query("SELECT 1");
                return;
            } catch (SQLException notYet) {
                server.waitFor(100, TimeUnit.MILLISECONDS);
            }
        }
        throw new AssertionError("the server has not come back");
    }
}
