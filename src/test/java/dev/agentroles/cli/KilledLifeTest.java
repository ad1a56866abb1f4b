package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.cli.CrashActs.Act;
import dev.agentroles.harness.FatalProxy;
import dev.agentroles.harness.FatalProxy.Moment;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OpenBao;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A process of its own does each act on a lease, and is killed (`kill -9`) at each of its requests that
/// changes something: when the database has carried it out, and on either side of it where it goes to
/// OpenBao. The next run must bring everything in order, and nothing may be left. Some of the requests are
/// tried on the oldest version, too.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KilledLifeTest {
    private static final int STRIDE = 3;

    private final Path directory;
    private final PackedProgram program;

    KilledLifeTest(@TempDir Path directory) {
        this.directory = directory;
        this.program = PackedProgram.shared();
    }

    /// The way of one request through a proxy, and when the process dies on it.
    private record Death(String server, int request, Moment moment) {
        static final Death NONE = new Death("", 0, Moment.BEFORE);

        boolean comes() {
            return request > 0;
        }

        @Override
        public String toString() {
            return "request %d to %s, %s".formatted(request, server, moment);
        }
    }

    static Stream<Arguments> acts() {
        return PostgreSql.oldestAndNewest()
                .flatMap(server -> CrashActs.of(Ground.AGENT, Ground.OTHER).stream()
                        // Of which KilledApplyTest sees to each request.
                        .filter(act -> !act.command().getFirst().equals("apply"))
                        .map(act -> Arguments.of(server, act.name())));
    }

    @ParameterizedTest(name = "{1} on {0}")
    @MethodSource("acts")
    void theNextRunConvergesWhereverTheOneBeforeWasKilled(PostgreSql server, String name) throws Exception {
        var act = CrashActs.of(Ground.AGENT, Ground.OTHER).stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
        var folder = Files.createDirectory(directory.resolve(name + "-" + server.major()));
        try (var ground = new Ground(server, folder, OpenBao.shared());
                var life = new Life(folder, ground, act)) {
            life.dies(Death.NONE);
            var deaths = life.deaths();
            for (int i = 0; i < deaths.size(); i += server == PostgreSql.newest() ? 1 : STRIDE) {
                life.dies(deaths.get(i));
            }
            System.out.println(life.seen());
        }
    }

    /// One act, over and over on the same ground. While one death is looked into, the next process starts.
    private final class Life implements AutoCloseable {
        private final Path folder;
        private final Ground ground;
        private final Act act;
        private final FatalProxy database;
        private final FatalProxy store;
        private final Map<String, Integer> seen = new TreeMap<>();
        private Process next;

        Life(Path folder, Ground ground, Act act) throws IOException, InterruptedException {
            program.learn(folder, ground.operator);
            this.folder = folder;
            this.ground = ground;
            this.act = act;
            this.database = FatalProxy.toPostgreSql(ground.database.url());
            this.store = FatalProxy.toHttp(OpenBao.shared().address());
            this.next = start();
        }

        /// It waits at its first word to the database.
        private Process start() throws IOException {
            database.hold();
            var url = ground.database.url();
            var port = URI.create(url.substring("jdbc:".length())).getPort();
            ground.operator.set("DB_URL", url.replace(":" + port + "/", ":" + database.port() + "/"));
            ground.reach(URI.create("http://127.0.0.1:" + store.port()));
            var process = program.start(folder, ground.operator, act.command());
            ground.operator.set("DB_URL", url);
            ground.reach(OpenBao.shared().address());
            return process;
        }

        /// Of what the last run has asked.
        List<Death> deaths() {
            var ofTheDatabase =
                    database.changes().stream().map(request -> new Death("the database", request, Moment.ANSWERED));
            var ofTheStore = store.changes().stream()
                    .flatMap(
                            request -> Stream.of(Moment.values()).map(moment -> new Death("OpenBao", request, moment)));
            return Stream.concat(ofTheDatabase, ofTheStore).toList();
        }

        void dies(Death death) throws Exception {
            var what = act.name() + " killed at " + death;
            var open = act.before().on(ground);
            var before = ground.published(act.agent()).map(Login::username).orElse("");
            var process = next;
            strike(database, "the database", death, process);
            strike(store, "OpenBao", death, process);
            database.release();
            int code = process.waitFor();
            var said = PackedProgram.said(folder);
            next = start();

            assertThat(code).as(what + ": " + said).isEqualTo(death.comes() ? PackedProgram.KILLED : 0);
            assertThat(ground.publishedWorksOrIsOwed(act.agent())).as(what).isTrue();
            if (death.comes()) {
                seen.merge(CrashMatrix.standing(ground, act.agent(), before), 1, Integer::sum);
            }
            if (isStop() && !isRecorded()) {
                ground.clean(act.command().toArray(String[]::new));
            }
            act.after().on(ground, what);
            for (var session : open) {
                session.close();
            }
        }

        /// How often an agent read what, right after a death.
        String seen() {
            return act.name() + " on " + ground.database.server() + ", killed at "
                    + seen.values().stream().mapToInt(Integer::intValue).sum() + " requests; an agent then reads: "
                    + seen;
        }

        private static void strike(FatalProxy proxy, String server, Death death, Process process) {
            int request = death.server().equals(server) ? death.request() : 0;
            proxy.strikeAt(request, death.moment(), () -> PackedProgram.kill(process));
        }

        private boolean isStop() {
            return act.name().equals("revoke") || act.name().equals("freeze");
        }

        /// A stop that was not recorded was not begun.
        private boolean isRecorded() throws SQLException {
            return !ground.database
                    .query("SELECT 1 FROM agentroles.freeze UNION ALL SELECT 1 FROM agentroles.revocation")
                    .isEmpty();
        }

        @Override
        public void close() throws IOException {
            PackedProgram.kill(next);
            database.close();
            store.close();
        }
    }
}
