package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.harness.Await;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Any client may ask the server to wait after it has let it in (`post_auth_delay`). Until that is over no view
/// shows whose session it is, and nobody can end it.
@OnEachPostgreSql
final class HiddenSessionTest {
    /// In seconds: longer than a stop takes here.
    private static final int DELAY = 15;

    @AutoClose
    private final Ground ground;

    private final Database database;

    HiddenSessionTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(server, directory);
        database = ground.database;
    }

    @BeforeEach
    void everythingIsApplied() {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @ParameterizedTest
    @ValueSource(strings = {"freeze", "revoke --agent support-bot"})
    void aSessionThatHidFromAStopHasNoPower(String stop) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var hidden = hidden(support(), threads);

            ground.clean((stop + " shop.yaml --reason now").split(" "));

            assertThat(hidden.isDone()).isFalse();
            seesNothing(hidden);
        }
    }

    /// Such a session may still be to come, and the login cannot be dropped, as it owns something.
    @Test
    void noApplyGivesTheLoginItsPowerBackAfterTheThaw() throws Exception {
        var agent = support();
        try (var session = database.connect(agent)) {
            TestDatabase.execute(session, "SELECT lo_create(0)");
        }
        ground.clean("revoke", "shop.yaml", "--agent", Ground.AGENT, "--reason", "now");
        ground.clean("thaw", "shop.yaml", "--agent", Ground.AGENT, "--yes", "--environment", "production");

        ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(ground.logins()).contains(agent.username());
        assertThat(database.query("SELECT roleid::regrole FROM pg_auth_members WHERE member = '\"%s\"'::regrole"
                        .formatted(agent.username())))
                .isEmpty();
    }

    /// Its login cannot be dropped: it owns something.
    @Test
    void aSessionThatHidFromTheEndOfItsLeaseHasNoPower() throws Exception {
        var agent = support();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var session = database.connect(agent)) {
            TestDatabase.execute(session, "SELECT lo_create(0)");
            var hidden = hidden(agent, threads);
            ground.expire(Ground.AGENT, ground.version(Ground.AGENT));

            ground.ends(4, "reap", "shop.yaml");

            assertThat(ground.logins()).contains(agent.username());
            assertThat(hidden.isDone()).isFalse();
            seesNothing(hidden);
        }
    }

    private static void seesNothing(Future<Connection> hidden) throws Exception {
        try (var session = hidden.get()) {
            assertThatThrownBy(() -> TestDatabase.query(session, "SELECT id FROM app.orders"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo("42501"));
        }
    }

    private Login support() {
        return ground.published(Ground.AGENT).orElseThrow();
    }

    /// A session that the server has let in; it is there when the delay is over.
    private Future<Connection> hidden(Login agent, ExecutorService threads) {
        var properties = new Properties();
        properties.setProperty("user", agent.username());
        properties.setProperty("password", agent.clear());
        properties.setProperty("options", "-c post_auth_delay=" + DELAY);
        var session = threads.submit(() -> DriverManager.getConnection(database.url(), properties));
        Await.until(this::isIn);
        return session;
    }

    /// Of the database: what each session holds until it has begun.
    private boolean isIn() {
        try {
            return !database.query("SELECT pid FROM pg_locks WHERE locktype = 'object' AND mode = 'RowExclusiveLock'"
                            + " AND classid = 'pg_database'::regclass AND pid NOT IN"
                            + " (SELECT pid FROM pg_stat_activity WHERE usename IS NOT NULL)"
                            + " AND objid = (SELECT oid FROM pg_database WHERE datname = current_database())")
                    .isEmpty();
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }
}
