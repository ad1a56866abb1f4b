package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Naming;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.OpenBao;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.RequestProxy;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                for (var said : threads.invokeAll(java.util.List.of(rotate, reap, rotate, rotate, reap, rotate))) {
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
