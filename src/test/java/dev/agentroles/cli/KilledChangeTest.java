package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Await;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.FatalProxy;
import dev.agentroles.harness.FatalProxy.Moment;
import dev.agentroles.harness.OnOldestAndNewestPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `change run` in a process of its own is killed (`kill -9`) at each of its requests that changes something, when
/// the server has carried it out. Whatever it was, the next run ends with the change made, once.
@OnOldestAndNewestPostgreSql
final class KilledChangeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Database database;

    @AutoClose
    private final ChangeGround ground;

    private final Path directory;
    private int tables;

    KilledChangeTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.directory = directory;
        database = server.createDatabase();
        ground = ChangeGround.OnPostgreSql.of(database, directory);
        ground.apply();
    }

    @Test
    void whereverItDiesItIsRunOnce() throws Exception {
        var program = PackedProgram.shared();
        program.learn(directory, ground.operator);
        try (var proxy = FatalProxy.toPostgreSql(database.url())) {
            dies(program, proxy, 0);
            var requests = proxy.changes();
            for (int request : requests) {
                dies(program, proxy, request);
            }
            System.out.println("change run on " + database.server() + ", killed at " + requests.size()
                    + " requests; each run once");
            assertThat(requests).hasSizeGreaterThan(4);
        }
    }

    /// Whoever presses Ctrl-C must not think that nothing was done.
    @Test
    void whatIsCutOffSaysSo() throws Exception {
        var program = PackedProgram.shared();
        program.learn(directory, ground.operator);
        var name = ground.approved(ground.noteColumn());
        try (var other = database.superuser();
                var holds = other.createStatement()) {
            other.setAutoCommit(false);
            holds.execute("LOCK TABLE " + ground.orders());
            var process = program.start(directory, ground.operator, List.of("change", "run", "shop.yaml", name));
            database.awaitLockWaits(ground.owner, 1);

            process.destroy();

            assertThat(process.waitFor()).isEqualTo(128 + 15);
        }
        assertThat(PackedProgram.said(directory))
                .endsWith("agentroles: told to end while change request " + name
                        + " was run: the server may go on with it; run it again to find out what became of it\n");
    }

    /// @param request 0: none
    private void dies(PackedProgram program, FatalProxy proxy, int request) throws Exception {
        var what = "killed at request " + request;
        var table = "t" + tables++;
        var name = ground.approved("CREATE TABLE app." + table + " (id int)");
        proxy.hold();
        var url = database.url();
        ground.operator.set("DB_URL", url.replaceFirst(":[0-9]+/", ":" + proxy.port() + "/"));
        var process = program.start(directory, ground.operator, List.of("change", "run", "shop.yaml", name));
        ground.operator.set("DB_URL", url);
        proxy.strikeAt(request, Moment.ANSWERED, () -> PackedProgram.kill(process));
        proxy.release();
        int code = process.waitFor();

        assertThat(code)
                .as(what + ": " + PackedProgram.said(directory))
                .isEqualTo(request == 0 ? 0 : PackedProgram.KILLED);
        converges(name, what);
        assertThat(database.query("SELECT count(*) FROM pg_tables WHERE tablename = '%s'".formatted(table)))
                .as(what)
                .containsExactly("1");
        assertThat(database.query("SELECT count(*) FROM agentroles.journal WHERE action = 'run change'"
                        + " AND outcome = 'done' AND detail LIKE 'change request %s,%%'"
                                .formatted(name.substring(name.indexOf('/') + 1))))
                .as(what)
                .containsExactly("1");
    }

    /// The server needs a moment to see that a session of the dead is gone.
    private void converges(String name, String what) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        var said = ground.operator.run("change", "run", "shop.yaml", name);
        while (said.code() == 3 && System.nanoTime() < end) {
            assertThat(said.err()).as(what).containsAnyOf("another session runs", "the server still works on");
            Await.pause();
            said = ground.operator.run("change", "run", "shop.yaml", name);
        }
        assertThat(said.code()).as(what + ": " + said.out() + said.err()).isZero();
    }
}
