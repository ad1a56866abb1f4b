package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Naming;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.OpenBao;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.RequestProxy;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Several databases, several runs at once.
final class FleetTest {
    private final Path directory;

    FleetTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void ofSeveralRunsAtOnceOneRotatesWhatIsDueAndTheOthersLeaveItAlone() throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared())) {
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            ground.database.execute("UPDATE agentroles.lease SET issued_at = issued_at - interval '45 min',"
                    + " expires_at = expires_at - interval '45 min'");
            Callable<Operator.Said> run = () -> ground.operator.run("rotate", "shop.yaml");

            try (var threads = Executors.newFixedThreadPool(5)) {
                for (var said : threads.invokeAll(Collections.nCopies(5, run))) {
                    assertThat(said.get().code())
                            .as(said.get().out() + said.get().err())
                            .isZero();
                }
            }

            assertThat(ground.database.query("SELECT agent FROM agentroles.journal WHERE action = 'rotate'"
                            + " AND outcome = 'done' ORDER BY agent"))
                    .containsExactly(Ground.OTHER, Ground.AGENT);
            ground.everythingIsInOrder("afterwards");
        }
    }

    @Test
    void severalThatRotateEverythingAtOnceEndInOrder() throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared())) {
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            Callable<Operator.Said> rotate = () -> ground.operator.run("rotate", "shop.yaml", "--all");
            Callable<Operator.Said> reap = () -> ground.operator.run("reap", "shop.yaml");

            try (var threads = Executors.newFixedThreadPool(6)) {
                for (var said : threads.invokeAll(List.of(rotate, reap, rotate, rotate, reap, rotate))) {
                    assertThat(said.get().code())
                            .as(said.get().out() + said.get().err())
                            .isZero();
                }
            }

            ground.everythingIsInOrder("afterwards");
        }
    }

    @Test
    void oneServerThatDoesNotAnswerDoesNotHoldUpTheOther() throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared());
                var second = secondDatabase(ground)) {
            ground.clean("apply", "two.yaml", "--yes", "--no-verify");
            var address = URI.create(second.url().substring("jdbc:".length()));
            var silence = new CountDownLatch(1);
            try (var proxy = new RequestProxy(
                    address.getHost(),
                    address.getPort(),
                    number -> {
                        if (number > 8) {
                            await(silence);
                        }
                    },
                    _ -> {})) {
                ground.operator.set(
                        "DB_URL2", second.url().replace(":" + address.getPort() + "/", ":" + proxy.port() + "/"));
                long begin = System.nanoTime();

                var said = ground.operator.run("rotate", "two.yaml", "--all", "--timeout", "2");

                assertThat(said.code()).as(said.out() + said.err()).isEqualTo(4);
                assertThat(said.out()).contains("+ support-bot on " + ground.database.name());
                assertThat(said.err()).contains("database " + second.name() + " at ");
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
                silence.countDown();
            }
            ground.operator.set("DB_URL2", second.url());
            assertThat(ground.clean("rotate", "two.yaml", "--all").out()).contains("Rotated 3, 0 not due.");
        }
    }

    @Test
    void aRunUsesNoMoreSessionsThanItIsAllowed() throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared())) {
            ground.manyAgents(8);
            ground.clean("apply", "many.yaml", "--yes", "--no-verify");
            var most = new AtomicInteger();
            ground.operator.dieAt(_ -> most.accumulateAndGet(sessions(ground), Math::max));

            assertThat(ground.clean("rotate", "many.yaml", "--all", "--parallel", "3")
                            .out())
                    .contains("Rotated 8, 0 not due.");

            assertThat(most).hasValue(3);
        }
    }

    /// Looked at slowly, so that all sessions are there before the work is done.
    private static int sessions(Ground ground) {
        try {
            return Integer.parseInt(ground.database
                    .query("SELECT count(*) FROM pg_stat_activity, pg_sleep(0.1) WHERE usename = '"
                            + ground.operator.administrator().username() + "'")
                    .getFirst());
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void aStoreThatIsDownIsToldOnceForAllAgents() throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared())) {
            ground.manyAgents(9);
            ground.clean("apply", "many.yaml", "--yes", "--no-verify");
            var database = ground.database.name();
            var path = "agents/production/" + database + "/bot-";
            var down =
                    "nothing answers at Vault's address http://127.0.0.1:1; the same with bot-2, bot-3; 6 more were not"
                            + " tried; start Vault";
            ground.reach(URI.create("http://127.0.0.1:1"));

            assertThat(ground.ends(4, "freeze", "many.yaml", "--reason", "drill")
                            .out()
                            .lines())
                    .satisfiesExactly(
                            frozen -> assertThat(frozen)
                                    .startsWith("- " + database + " is frozen; 9 logins closed")
                                    .endsWith("9 secrets still to be deleted"),
                            why -> assertThat(why).startsWith("! cannot read " + path + "1: " + down));
            assertThat(ground.ends(4, "status", "many.yaml").out().lines().filter(line -> line.startsWith("owed: ")))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .contains("erasing 9 secrets of bot-1, bot-2, bot-3, bot-4, bot-5 and 4 more on " + database
                            + " for ");
            assertThat(ground.ends(4, "reap", "many.yaml").out().lines())
                    .contains("~ " + database
                            + " is still owed: erasing 9 secrets of bot-1, bot-2, bot-3, bot-4, bot-5 and" + " 4 more")
                    .filteredOn(line -> line.startsWith("! cannot read"))
                    .hasSize(1);
        }
    }

    /// As systemd and Kubernetes do, in the middle of the first agent.
    @Test
    void aRunThatIsToldToEndFinishesTheAgentAtHand() throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared())) {
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            var program = PackedProgram.shared();
            program.learn(directory, ground.operator);
            var address = URI.create(ground.database.url().substring("jdbc:".length()));
            var process = new AtomicReference<@Nullable Process>();
            try (var proxy =
                    new RequestProxy(address.getHost(), address.getPort(), _ -> endIfBegun(ground, process), _ -> {})) {
                ground.operator.set(
                        "DB_URL",
                        ground.database.url().replace(":" + address.getPort() + "/", ":" + proxy.port() + "/"));
                var started = program.start(
                        directory, ground.operator, List.of("rotate", "shop.yaml", "--all", "--parallel", "1"));
                process.set(started);

                assertThat(started.waitFor()).isEqualTo(128 + 15);

                assertThat(PackedProgram.said(directory))
                        .contains("was not looked at: the run was told to end")
                        .contains("Rotated 1, 0 not due, 1 failed.");
            }
            ground.operator.set("DB_URL", ground.database.url());
            assertThat(ground.database.query("SELECT outcome FROM agentroles.journal WHERE action = 'rotate'"))
                    .containsExactly("begun", "done");
            ground.everythingIsInOrder("afterwards");
        }
    }

    /// Whoever presses Ctrl-C must not think that the agents are stopped.
    @ParameterizedTest
    @CsvSource({"freeze, shop.yaml --reason drill", "thaw, shop.yaml --yes --environment production"})
    void whatIsCutOffSaysSo(String command, String options) throws Exception {
        try (var ground = Ground.onFile(directory)) {
            ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
            var program = PackedProgram.shared();
            program.learn(directory, ground.operator);
            try (var other = ground.database.superuser();
                    var holds = other.createStatement()) {
                other.setAutoCommit(false);
                holds.execute("LOCK TABLE agentroles.freeze, agentroles.lease");
                var started =
                        program.start(directory, ground.operator, List.of((command + " " + options).split(" ", -1)));
                ground.database.awaitLockWaits(ground.operator.administrator(), 1);

                started.destroy();

                assertThat(started.waitFor()).isEqualTo(128 + 15);
            }
            assertThat(PackedProgram.said(directory))
                    .endsWith("agentroles: told to end before " + command + " was done: it is done in part"
                            + " or not at all; run it again, and see agentroles status\n");
        }
    }

    /// Tells it once, and gives it the time to take notice.
    private static void endIfBegun(Ground ground, AtomicReference<@Nullable Process> process) {
        try {
            var running = process.get();
            if (running != null
                    && !ground.database
                            .query("SELECT 1 FROM agentroles.lease WHERE state = 'ISSUED'")
                            .isEmpty()
                    && process.compareAndSet(running, null)) {
                running.destroy();
                ground.database.query("SELECT pg_sleep(1)");
            }
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void statusShowsWhatCanBeReached() throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared());
                var second = secondDatabase(ground)) {
            ground.operator.set("DB_URL2", "jdbc:postgresql://127.0.0.1:1/" + second.name());

            var said = ground.operator.run("status", "two.yaml");
            var json = ground.operator.run("status", "two.yaml", "--format", "json");

            assertThat(said.code()).isEqualTo(4);
            assertThat(said.out()).contains(ground.database.name() + ": nothing was applied yet");
            assertThat(said.err())
                    .contains("database " + second.name() + " at 127.0.0.1:1")
                    .contains("cannot be reached");
            assertThat(json.out()).contains("\"applied\":false").contains("cannot be reached");
        }
    }

    @Test
    void whatCannotBeReachedIsToldAtOnce() throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared());
                var second = secondDatabase(ground)) {
            ground.operator.set("DB_URL", "jdbc:postgresql://127.0.0.1:1/" + ground.database.name());
            ground.operator.set("DB_PASSWORD2", "wrong");

            assertThat(ground.ends(1, "plan", "two.yaml").err().lines())
                    .hasSize(2)
                    .anyMatch(line -> line.contains(" at 127.0.0.1:1/" + ground.database.name() + " cannot be reached"))
                    .anyMatch(line -> line.contains("database " + second.name()) && line.contains("password"));
        }
    }

    @Test
    void whatCannotBeReachedKeepsNoFindingsBack() throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared());
                var second = secondDatabase(ground)) {
            ground.clean("apply", "two.yaml", "--yes", "--no-verify");
            var agent = Naming.agentRole(ground.database.name(), Ground.AGENT);
            ground.database.execute("GRANT TRUNCATE ON app.orders TO \"" + agent + "\"");
            ground.operator.set("DB_URL2", "jdbc:postgresql://127.0.0.1:1/" + second.name());

            var said = ground.operator.run("verify", "two.yaml", "--no-probes", "--fail-on", "high");
            var json = ground.operator.run("verify", "two.yaml", "--no-probes", "--format", "json");

            assertThat(said.code()).as(said.err()).isEqualTo(2);
            assertThat(said.out()).contains("GRANT-EXCESS", "not verified  database " + second.name());
            assertThat(said.err()).contains("database " + second.name() + " at 127.0.0.1:1", "cannot be reached");
            assertThat(json.out().replaceAll("\\s", ""))
                    .contains("\"not_verified\":[{\"database\":\"" + second.name() + "\"");

            ground.database.execute("REVOKE TRUNCATE ON app.orders FROM \"" + agent + "\"");
            var clean = ground.operator.run("verify", "two.yaml", "--no-probes", "--fail-on", "high");
            assertThat(clean.code()).as(clean.out()).isEqualTo(4);
            assertThat(clean.out()).doesNotContain("Proven");
        }
    }

    @Test
    void whatWasDoneToOneDatabaseIsToldWhenTheNextFails() throws Exception {
        try (var ground = new Ground(directory, OpenBao.shared());
                var second = secondDatabase(ground)) {
            ground.operator.dieAt(point -> {
                if (point == Point.PUBLICATION_RECORDED) {
                    dropOrders(second);
                }
            });

            var said = ground.ends(4, "apply", "two.yaml", "--yes");

            assertThat(said.out())
                    .containsPattern("\\+ lease \\w+ of support-bot on " + ground.database.name())
                    .contains("\n! ", "app.orders")
                    .endsWith("Partly applied; run the same command again to finish.\n");
        }
    }

    private static void dropOrders(Database database) {
        try {
            database.execute("DROP TABLE app.orders");
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Database secondDatabase(Ground ground) throws Exception {
        var second = PostgreSql.newest().createDatabase();
        second.execute("CREATE SCHEMA app", "CREATE TABLE app.orders AS SELECT 1 AS id");
        var administrator = second.administratorWithGrantOptions("app");
        grantConnect(second, administrator.username());
        ground.operator.set("DB_URL2", second.url());
        ground.operator.set("DB_ADMIN2", administrator.username());
        ground.operator.set("DB_PASSWORD2", administrator.clear());
        ground.operator.write(
                "two.yaml", ground.operator.head("production") + """
                  %2$s:
                    engine: postgresql
                    url: {env: DB_URL2}
                    admin: {username: {env: DB_ADMIN2}, password: {env: DB_PASSWORD2}}
                scopes:
                  orders: {database: %1$s, include: [app.orders]}
                  copies: {database: %2$s, include: [app.orders]}
                agents:
                  support-bot:
                    access: [{scope: orders, tier: explore}, {scope: copies, tier: explore}]
                  order-desk:
                    access: [{scope: copies, tier: ddl-denied}]
                """.formatted(ground.database.name(), second.name()));
        return second;
    }

    private static void grantConnect(Database database, String administrator) throws SQLException {
        database.execute(
                "GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION".formatted(database.name(), administrator));
    }
}
