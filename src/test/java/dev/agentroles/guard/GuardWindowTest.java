package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an agent may change within a time, with several sessions at once: no more than that.
@OnEachPostgreSql
final class GuardWindowTest {
    @AutoClose
    private final Ground ground;

    GuardWindowTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server, directory, ", rows: 100, rows_per_window: 150, window: 1h");
    }

    /// A session of the agent that has changed a hundred rows and not committed.
    ///
    /// @param number which hundred
    private Connection session(String isolation, int number) throws SQLException {
        var session = ground.database.connect(ground.agent());
        session.setAutoCommit(false);
        try (var statement = session.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL " + isolation);
            assertThat(statement.executeUpdate("UPDATE customers SET name = 'w' WHERE id BETWEEN %d AND %d"
                            .formatted(number * 100 + 1, number * 100 + 100)))
                    .isEqualTo(100);
        }
        return session;
    }

    private static String refusal(Connection session) {
        return String.valueOf(
                catchThrowableOfType(SQLException.class, session::commit).getSQLState());
    }

    private String changed() throws SQLException {
        return ground.database
                .query("SELECT count(*) FROM customers WHERE name = 'w'")
                .getFirst();
    }

    @ParameterizedTest
    @ValueSource(strings = {"REPEATABLE READ", "SERIALIZABLE"})
    void aSnapshotFromBeforeOtherCommitsPassesNoWindow(String isolation) throws SQLException {
        try (var first = session(isolation, 0);
                var second = session(isolation, 1);
                var third = session(isolation, 2)) {
            first.commit();
            assertThat(refusal(second)).isEqualTo("40001");
            assertThat(refusal(third)).isEqualTo("40001");
        }
        try (var again = session(isolation, 1)) {
            assertThat(refusal(again)).isEqualTo("AR005");
        }
        assertThat(changed()).isEqualTo("100");
    }

    /// The first transaction has been counted and has not ended when the second one commits.
    @Test
    void aTransactionThatHasBeenCountedIsWaitedFor() throws SQLException, InterruptedException, ExecutionException {
        try (var workers = Executors.newSingleThreadExecutor();
                var first = session("READ COMMITTED", 0);
                var second = session("READ COMMITTED", 1);
                var statement = first.createStatement()) {
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
            var refusal = workers.submit(() -> refusal(second));
            ground.database.awaitLockWaits(ground.agent(), 1);
            first.commit();
            assertThat(refusal.get()).isEqualTo("AR005");
        }
        assertThat(changed()).isEqualTo("100");
    }

    @Test
    void aTransactionThatIsPreparedCountsUntilItHasEnded() throws SQLException {
        var name = "'" + ground.database.name() + "'";
        try (var first = session("READ COMMITTED", 0);
                var statement = first.createStatement()) {
            statement.execute("PREPARE TRANSACTION " + name);
        }
        try (var second = session("READ COMMITTED", 1);
                var statement = second.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '200ms'");
            assertThat(refusal(second)).isEqualTo("55P03");
            second.setAutoCommit(true);
            statement.execute("COMMIT PREPARED " + name);
        }
        try (var second = session("READ COMMITTED", 1)) {
            assertThat(refusal(second)).isEqualTo("AR005");
        }
        assertThat(changed()).isEqualTo("100");
    }
}
