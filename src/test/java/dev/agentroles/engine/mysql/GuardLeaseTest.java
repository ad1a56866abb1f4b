package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.cli.Operator;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A writer's leases end at the guard when the ledger says so, whatever transaction the writer keeps open.
@OnEachMySql
@Timeout(120)
final class GuardLeaseTest {
    /// What the guard lets through and the ledger does not.
    private static final String LONGER = """
            SELECT a.name FROM agentroles_guard.account a LEFT JOIN agentroles.lease l ON l.login = a.name
             WHERE l.id IS NULL OR l.state = 'ENDED'
                OR a.expires_at > TIMESTAMPDIFF(SECOND, '1970-01-01', l.expires_at)""";

    /// Far below the minute that a server waits for a row by itself.
    private static final Duration AT_ONCE = Duration.ofSeconds(25);

    @AutoClose
    private final GuardGround ground;

    GuardLeaseTest(MySql server) throws SQLException, IOException {
        ground = new GuardGround(server);
    }

    @BeforeEach
    void rows() throws SQLException {
        ground.fill();
    }

    /// A transaction in which the writer has changed a row, so that it holds what the guard reads.
    private Connection writing() throws SQLException {
        var session = writer();
        session.setAutoCommit(false);
        session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        change(session);
        return session;
    }

    private Connection writer() throws SQLException {
        return ground.database.server().connect(ground.views(), ground.writer);
    }

    private static void change(Connection session) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.executeUpdate("UPDATE tiny SET v = v + 1 WHERE id = 1");
        }
    }

    private boolean goesOn(Connection session) {
        try {
            change(session);
            return true;
        } catch (SQLException refused) {
            return false;
        }
    }

    private Operator.Said promptly(String... command) {
        var before = System.nanoTime();
        var said = ground.operator.run(command);
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as(said.out() + said.err())
                .isLessThan(AT_ONCE);
        return said;
    }

    private void nothingLastsLonger() throws SQLException {
        assertThat(ground.database.query(LONGER)).isEmpty();
    }

    private String end() throws SQLException {
        return ground.database
                .query("SELECT expires_at FROM agentroles.lease WHERE login = '" + ground.writer.username() + "'")
                .getFirst();
    }

    @Test
    void aLeaseThatCannotBeShortenedAtTheGuardIsNotShortenedInTheLedger() throws SQLException {
        var planned = end();
        try (var session = writing()) {
            var said = promptly("rotate", "shop.yaml", "--all");

            assertThat(said.code()).as(said.out()).isEqualTo(4);
            assertThat(said.out() + said.err())
                    .contains("Rotated 1, 0 not due.")
                    .contains("a login of janitor that was replaced works until its lease is over: ")
                    .contains("other transactions hold what was needed")
                    .containsPattern("; in transactions are session ([0-9]+) of %s from [^ ]+ \\(KILL \\1 ends it\\)"
                            .formatted(ground.writer.username()))
                    .contains("information_schema.INNODB_TRX");
            nothingLastsLonger();
            assertThat(end()).isEqualTo(planned);
            session.rollback();
        }

        assertThat(promptly("rotate", "shop.yaml").code()).isZero();

        assertThat(end()).isLessThan(planned);
        nothingLastsLonger();
    }

    @Test
    void aTransactionThatIsOpenEndsWithARevocationAndHoldsNothingUp() throws SQLException {
        try (var session = writing()) {
            var said = promptly("revoke", "shop.yaml", "--agent", GuardGround.AGENT);

            assertThat(said.code()).as(said.out() + said.err()).isZero();
            assertThat(goesOn(session)).isFalse();
            nothingLastsLonger();
            assertThat(ground.database.query("SELECT v FROM %s.tiny WHERE id = 1".formatted(ground.database.name())))
                    .containsExactly("1");
        }
        assertThat(promptly("reap", "shop.yaml").code()).isZero();
        assertThat(ground.database.query("SELECT name FROM agentroles_guard.account"))
                .isEmpty();
    }

    @Test
    void limitsChangeBesideATransactionThatIsOpen() throws SQLException, IOException {
        try (var _ = writing()) {
            ground.profile(GuardGround.TABLES, ", rows: 50, rows_per_transaction: 300");

            assertThat(promptly("apply", "shop.yaml", "--yes", "--no-verify").code())
                    .isZero();
        }
        assertThat(ground.database.query("SELECT rows_per_statement FROM agentroles_guard.limits"))
                .containsExactly("50");
    }

    @Test
    void theStatementThatFailedStandsInTheJournal() throws SQLException, IOException {
        ground.profile(GuardGround.TABLES, ", rows: 7");
        try (var other = ground.database.superuser();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT * FROM agentroles_guard.limits FOR UPDATE");

            assertThat(ground.operator
                            .run("apply", "shop.yaml", "--yes", "--lock-timeout", "1")
                            .code())
                    .isNotZero();
            other.rollback();
        }

        assertThat(ground.operator.run("log", "shop.yaml", "--last", "5").out())
                .containsPattern(
                        "apply failed by .*: 1 statement, plan [0-9a-f]+\n    1: REPLACE INTO agentroles_guard\\.limits ");
    }

    @Test
    void aLoginThatTheGuardWouldLetThroughForLongerIsFoundAndMended() throws SQLException {
        ground.restore();

        assertThat(ground.operator.run("verify", "shop.yaml").out()).contains("GUARD-CHANGED");
        assertThat(ground.plan()).contains("guard");
        ground.apply();

        nothingLastsLonger();
        assertThat(ground.plan()).contains("nothing to do");
    }

    @Test
    void whatTheGuardStillKnowsOfALoginThatIsGoneIsClearedAway() throws SQLException {
        var gone = ground.agent() + "_2abcdefg";
        ground.database.execute("INSERT INTO agentroles_guard.account VALUES ('%s', '%s', 4102444800, 0)"
                .formatted(gone, ground.agent()));

        assertThat(ground.plan()).contains("2abcdefg");
        assertThat(promptly("reap", "shop.yaml").out()).contains(gone);

        nothingLastsLonger();
        assertThat(ground.plan()).contains("nothing to do");
    }

    @Test
    void aTransactionThatWasPreparedIsNamedWhenAWriterIsStopped() throws SQLException {
        try (var session = ground.database.superuser()) {
            GuardGround.run(
                    session,
                    List.of(
                            "XA START 'left', 'b'",
                            "UPDATE %s.tiny SET v = 4242 WHERE id = 1".formatted(ground.database.name()),
                            "XA END 'left', 'b'",
                            "XA PREPARE 'left', 'b'"));
        }
        try {
            assertThat(promptly("status", "shop.yaml").out())
                    .contains("prepared: ", "XA ROLLBACK X'6c656674', X'62', 1");
            assertThat(promptly("status", "shop.yaml", "--format", "json").out())
                    .contains("\"prepared_transactions\":[\"XA ROLLBACK X'6c656674', X'62', 1\"]");
            assertThat(promptly("verify", "shop.yaml", "--no-probes", "-v").out())
                    .contains("INFO  PREPARED-TRANSACTION", "XA ROLLBACK X'6c656674', X'62', 1");
            var revoked = promptly("revoke", "shop.yaml", "--agent", GuardGround.AGENT);
            var reaped = promptly("reap", "shop.yaml");

            assertThat(List.of(revoked, reaped)).allSatisfy(said -> {
                assertThat(said.code()).isNotZero();
                assertThat(said.out() + said.err())
                        .contains("outlives its session")
                        .contains("XA ROLLBACK X'6c656674', X'62', 1");
            });
        } finally {
            ground.run(List.of("XA ROLLBACK X'6c656674', X'62', 1"));
        }
        assertThat(promptly("reap", "shop.yaml").code()).isZero();
    }

    /// A routine of MariaDB cannot see that it runs in one.
    @Test
    void aChangeThatCouldBePreparedIsRefusedWhereThatIsSeen() throws SQLException {
        var server = ground.database.server();
        boolean seen = !server.mariadb() && !server.release().before("8.0.16");
        try (var session = writer()) {
            GuardGround.run(session, List.of("XA START 'x'"));

            assertThat(goesOn(session)).isEqualTo(!seen);

            GuardGround.run(session, List.of("XA END 'x'", "XA ROLLBACK 'x'"));
            assertThat(goesOn(session)).isTrue();
        }
    }
}
