package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Secret;
import dev.agentroles.harness.Await;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.ledger.ClaimLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An agent changes its own login in a transaction and leaves that open, or prepares it: the server lets nobody
/// change the login meanwhile.
@OnEachPostgreSql
final class HeldLoginTest {
    private static final String CHANGE = "ALTER ROLE current_user PASSWORD 'mine'";

    /// Holds what DROP ROLE wants, and not what ALTER ROLE does.
    private static final String SETTING = "ALTER ROLE current_user SET work_mem = '5MB'";

    private final Path directory;

    @AutoClose
    private final Ground ground;

    private final Database database;

    HeldLoginTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.directory = directory;
        ground = Ground.onFile(server, directory);
        database = ground.database;
    }

    @BeforeEach
    void everythingIsApplied() {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @AfterEach
    void nothingStaysPrepared() throws SQLException {
        for (var undo : database.query("SELECT format('ROLLBACK PREPARED %L', gid) FROM pg_prepared_xacts"
                + " WHERE database = current_database()")) {
            database.execute(undo);
        }
    }

    /// The agent's own transaction, which goes on until its session ends.
    private Connection holding(Login agent, String change) throws SQLException {
        var session = database.connect(agent);
        session.setAutoCommit(false);
        session.createStatement().execute(change);
        return session;
    }

    /// A session with the lock of VACUUM on the roles, which keeps nobody from changing one.
    private Connection vacuuming() throws SQLException {
        var session = database.superuser();
        session.setAutoCommit(false);
        session.createStatement().execute("LOCK TABLE pg_authid IN SHARE UPDATE EXCLUSIVE MODE");
        return session;
    }

    private void prepare(Login agent, String change) throws SQLException {
        try (var session = database.connect(agent);
                var statement = session.createStatement()) {
            statement.execute("BEGIN");
            statement.execute(change);
            statement.execute("PREPARE TRANSACTION '" + gid() + "'");
        }
    }

    /// Which needs quoting.
    private String gid() {
        return "it''s " + database.name();
    }

    private Login support() {
        return ground.published(Ground.AGENT).orElseThrow();
    }

    private List<String> openLogins() throws SQLException {
        return database.query(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'ar_%s_')".formatted(database.name())
                        + " AND rolcanlogin");
    }

    private static <R> R within(Duration most, Callable<R> work) throws Exception {
        long before = System.nanoTime();
        var done = work.call();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(most);
        return done;
    }

    @ParameterizedTest
    @ValueSource(strings = {"freeze", "revoke --agent support-bot"})
    void anAgentStopsNoStopWithAnOpenTransaction(String stop) throws Exception {
        var agent = support();
        try (var session = holding(agent, CHANGE)) {
            within(
                    Duration.ofSeconds(30),
                    () -> ground.clean((stop + " shop.yaml --reason now --timeout 15").split(" ")));

            assertThat(session.isValid(5)).isFalse();
        }
        assertThat(openLogins()).doesNotContain(agent.username());
        ground.clean("reap", "shop.yaml");
        assertThat(ground.logins()).doesNotContain(agent.username());
    }

    @ParameterizedTest
    @ValueSource(strings = {"freeze", "revoke --agent support-bot"})
    void anAgentStopsNoStopWithAPreparedTransaction(String stop) throws Exception {
        var agent = support();
        prepare(agent, CHANGE);

        within(Duration.ofSeconds(30), () -> ground.clean((stop + " shop.yaml --reason now --timeout 15").split(" ")));

        assertThat(openLogins()).doesNotContain(agent.username());
        assertThat(ground.works(agent)).isFalse();
        ground.clean("reap", "shop.yaml");
        assertThat(ground.logins()).doesNotContain(agent.username());
    }

    /// It comes back at once, and begins such a transaction again, for as long as it is let in.
    @Test
    void anAgentThatComesBackAtOnceIsOutAllTheSame() throws Exception {
        var agent = support();
        var over = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3; i++) {
                threads.execute(() -> {
                    while (!over.get()) {
                        try (var session = holding(agent, CHANGE);
                                var statement = session.createStatement()) {
                            statement.execute("SELECT pg_sleep(30)");
                        } catch (SQLException ended) {
                            Thread.onSpinWait();
                        }
                    }
                });
            }
            database.query("SELECT pg_sleep(0.5)");
            try {
                ground.clean("freeze", "shop.yaml", "--reason", "now", "--timeout", "15");

                assertThat(openLogins()).isEmpty();
                assertThat(database.query(
                                "SELECT pid FROM pg_stat_activity WHERE usename = '" + agent.username() + "'"))
                        .isEmpty();
            } finally {
                over.set(true);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CHANGE, SETTING})
    void aLoginThatIsOverIsReapedInSpiteOfItsTransaction(String change) throws Exception {
        var agent = support();
        try (var session = holding(agent, change)) {
            ground.expire(Ground.AGENT, ground.version(Ground.AGENT));

            within(Duration.ofSeconds(30), () -> ground.clean("reap", "shop.yaml", "--timeout", "15"));

            assertThat(session.isValid(5)).isFalse();
        }
        assertThat(ground.logins()).doesNotContain(agent.username());
    }

    @ParameterizedTest
    @ValueSource(strings = {CHANGE, SETTING})
    void aLoginThatIsOverIsReapedInSpiteOfWhatItPrepared(String change) throws Exception {
        var agent = support();
        prepare(agent, change);
        ground.expire(Ground.AGENT, ground.version(Ground.AGENT));

        within(Duration.ofSeconds(30), () -> ground.clean("reap", "shop.yaml", "--timeout", "15"));

        assertThat(ground.logins()).doesNotContain(agent.username());
    }

    /// Its predecessor is not shortened, which is said, and nobody else waits for that.
    @Test
    void anAgentThatHoldsItsLoginKeepsNobodyFromBeingRotated() throws Exception {
        var held = support();
        var other = ground.published(Ground.OTHER).orElseThrow();
        try (var session = holding(held, CHANGE)) {
            var said = within(
                    Duration.ofSeconds(30), () -> ground.ends(4, "rotate", "shop.yaml", "--all", "--timeout", "15"));

            assertThat(said.out() + said.err())
                    .contains("held by session ")
                    .contains(" of " + held.username())
                    .contains("SELECT pg_terminate_backend(")
                    .contains("Rotated 2, 0 not due.");
            assertThat(ground.published(Ground.OTHER).orElseThrow()).isNotEqualTo(other);
            assertThat(ground.works(support())).isTrue();
            assertThat(session.isValid(5)).isTrue();
        }
        ground.clean("rotate", "shop.yaml");
        assertThat(database.query(
                        "SELECT rolvaliduntil < now() + interval '11 min' FROM pg_roles WHERE rolname IN ('%s', '%s')"
                                .formatted(held.username(), other.username())))
                .containsExactly("t", "t");
    }

    @Test
    void anAgentThatHasPreparedAChangeKeepsNobodyFromBeingRotated() throws Exception {
        prepare(support(), CHANGE);

        var said =
                within(Duration.ofSeconds(30), () -> ground.ends(4, "rotate", "shop.yaml", "--all", "--timeout", "15"));

        assertThat(said.out() + said.err())
                .containsPattern("held by .*the prepared transaction '" + gid() + "'")
                .contains("ROLLBACK PREPARED '" + gid() + "'")
                .contains("Rotated 2, 0 not due.");
    }

    /// There nobody but its owner and superusers can undo it, in that database.
    @Test
    void aTransactionPreparedInAnotherDatabaseIsNamedAndKeepsNoOtherLoginOpen() throws Exception {
        try (var elsewhere = database.server().createDatabase()) {
            var agent = support();
            try (var session = elsewhere.connect(agent);
                    var statement = session.createStatement()) {
                statement.execute("BEGIN");
                statement.execute(CHANGE);
                statement.execute("PREPARE TRANSACTION '" + gid() + "'");
            }
            try (var _ = vacuuming()) {
                var said = within(
                        Duration.ofSeconds(30),
                        () -> ground.ends(4, "freeze", "shop.yaml", "--reason", "now", "--timeout", "15"));

                assertThat(said.out() + said.err())
                        .contains("login " + agent.username() + " cannot be closed")
                        .contains("held by the prepared transaction '" + gid() + "' of " + agent.username()
                                + " in database " + elsewhere.name())
                        .contains("ROLLBACK PREPARED '" + gid() + "'");
                assertThat(openLogins()).containsExactly(agent.username());
                assertThat(ground.ends(4, "status", "shop.yaml").out())
                        .containsPattern("support-bot .* stopped +0 +STILL WORKS")
                        .contains("login " + agent.username() + " of agent support-bot on " + database.name()
                                + " still works, and its lease is over since ");
            } finally {
                elsewhere.execute("ROLLBACK PREPARED '" + gid() + "'");
            }
            ground.clean("reap", "shop.yaml");
            assertThat(openLogins()).isEmpty();
            ground.clean("status", "shop.yaml");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLoginOfAProgramEndsWithItWhateverTheProgramLeaves(boolean prepared) throws Exception {
        var login = directory.resolve("login");
        var script = "printf '%s\\n%s\\n' \"$PGUSER\" \"$PGPASSWORD\" > '" + login + ".new'; mv '" + login + ".new' '"
                + login + "'; while [ -e '" + login + "' ]; do sleep 0.1; done";
        var running = CompletableFuture.supplyAsync(
                () -> ground.operator.run("exec", "shop.yaml", "--agent", Ground.AGENT, "--", "sh", "-c", script));
        while (!Files.exists(login)) {
            assertThat(running).isNotDone();
            Await.pause();
        }
        var lines = Files.readAllLines(login);
        var program = new Login(lines.getFirst(), Secret.of(lines.get(1)));
        if (prepared) {
            prepare(program, CHANGE);
        }
        try (var _ = prepared ? database.superuser() : holding(program, CHANGE)) {
            Files.delete(login);
            var said = within(Duration.ofSeconds(30), running::get);

            assertThat(said.err()).isEmpty();
            assertThat(said.code()).isZero();
        }
        assertThat(ground.logins()).doesNotContain(program.username());
    }

    @Test
    void whoeverHoldsTheJournalIsNamed() throws Exception {
        try (var session = database.connect(ground.operator.administrator());
                var statement = session.createStatement()) {
            session.setAutoCommit(false);
            statement.execute("SELECT * FROM agentroles.journal_head FOR UPDATE");

            var said = within(
                    Duration.ofSeconds(30),
                    () -> ground.ends(1, "freeze", "shop.yaml", "--reason", "now", "--timeout", "5"));

            assertThat(said.err())
                    .contains("held by session ")
                    .contains(" of " + ground.operator.administrator().username())
                    .contains("SELECT pg_terminate_backend(")
                    .doesNotContain("cannot be reached");
        }
        ground.clean("freeze", "shop.yaml", "--reason", "now");
    }

    /// Any login can take any advisory lock.
    @Test
    void anAgentThatTakesTheLockOfARotationHoldsUpNobody() throws Exception {
        var holder = ground.published(Ground.OTHER).orElseThrow();
        try (var session = holding(holder, "SELECT pg_advisory_lock(" + lockOfARotation() + ")")) {
            assertThat(ground.clean("rotate", "shop.yaml", "--agent", Ground.AGENT)
                            .out())
                    .contains("Rotated 1, 0 not due.");

            assertThat(session.isValid(5)).isTrue();
        }
        assertThat(
                        database.query(
                                "SELECT regexp_replace(detail, '\\d+', 'N') FROM agentroles.journal WHERE outcome = 'unclaimed'"))
                .containsExactly("session N of login " + holder.username()
                        + " holds the lock that says who rotates it, and is no run of agentroles");
    }

    /// When its login is gone, only a superuser can end it.
    @Test
    void anAgentThatPreparesTheLockOfARotationHoldsUpNobody() throws Exception {
        prepare(
                ground.published(Ground.OTHER).orElseThrow(),
                "SELECT pg_advisory_xact_lock(" + lockOfARotation() + ")");
        ground.clean("rotate", "shop.yaml", "--agent", Ground.AGENT);
        var before = support();
        ground.ends(4, "revoke", "shop.yaml", "--agent", Ground.OTHER, "--reason", "now");
        ground.ends(4, "reap", "shop.yaml");

        assertThat(ground.clean("rotate", "shop.yaml", "--all").out()).contains("Rotated 1, 0 not due.");

        assertThat(support().username()).isNotEqualTo(before.username());
    }

    private static long lockOfARotation() {
        return ClaimLocks.ofAgent(Ground.AGENT);
    }

    /// It is found by its mark, and known by the ledger.
    @ParameterizedTest
    @ValueSource(strings = {"NULL", "'the shop''s'"})
    void aLoginWithoutItsMarkIsNamedWhereItShouldHaveEnded(String mark) throws SQLException {
        var agent = support();
        database.execute("COMMENT ON ROLE \"" + agent.username() + "\" IS " + mark);
        var named = "login " + agent.username() + " still works and was issued to an agent";

        assertThat(ground.ends(4, "freeze", "shop.yaml", "--reason", "now").out())
                .contains(named);
        var reaped = ground.ends(4, "reap", "shop.yaml");

        assertThat(reaped.out() + reaped.err())
                .contains("role " + agent.username() + " carries no mark of a lease, so agentroles will not drop it");
        assertThat(database.query("SELECT state FROM agentroles.lease WHERE login = '" + agent.username() + "'"))
                .containsExactly("PUBLISHED");
        database.execute("DROP ROLE \"" + agent.username() + '"');
        ground.clean("reap", "shop.yaml");
        assertThat(ground.logins()).isEmpty();
    }
}
