package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the guard writes down goes when it has no use any more, and not before.
@OnEachPostgreSql
final class GuardTidyTest {
    @AutoClose
    private final Ground ground;

    GuardTidyTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server, directory, ", rows_per_window: 1000, window: 90d");
    }

    @Test
    void whatCountsInAWindowStaysUntilTheWindowIsOver() throws SQLException {
        try (var agent = ground.database.connect(ground.agent());
                var statement = agent.createStatement()) {
            statement.executeUpdate("UPDATE orders SET note = 'w' WHERE id <= 900");
            ground.database.execute(
                    "UPDATE agentroles_guard.usage SET at = at - interval '8 days'",
                    "INSERT INTO agentroles_guard.usage SELECT agent, at - interval '90 days', '1', relid, 1, now() FROM agentroles_guard.usage");
            statement.execute("SELECT setseed(%s)".formatted(seed(agent)));
            statement.executeUpdate("UPDATE orders SET note = 'w' WHERE id <= 1");
            assertThat(ground.database.query("SELECT rows FROM agentroles_guard.usage ORDER BY 1"))
                    .containsExactly("1", "900");
            var refused = catchThrowableOfType(
                    SQLException.class,
                    () -> statement.executeUpdate("UPDATE orders SET note = 'w' WHERE id BETWEEN 1001 AND 1900"));
            assertThat(refused.getSQLState()).isEqualTo("AR005");
            assertThat(refused.getMessage()).contains("to change 1801 rows within 90d: the limit is 1000");
        }
    }

    /// With which the guard, at the next commit, finds that it is time to clear away.
    private static double seed(Connection session) throws SQLException {
        try (var statement = session.createStatement()) {
            for (int number = 0; number < 100_000; number++) {
                statement.execute("SELECT setseed(%s)".formatted(number / 100_000.0));
                try (var row = statement.executeQuery("SELECT random() < 0.001")) {
                    row.next();
                    if (row.getBoolean(1)) {
                        return number / 100_000.0;
                    }
                }
            }
        }
        throw new IllegalStateException("none of 100,000 seeds begins with a thousandth");
    }

    @Test
    void marksOfSerializableTransactionsGoWhenLeasesAreReaped() throws SQLException {
        try (var agent = ground.database.connect(ground.agent());
                var statement = agent.createStatement()) {
            agent.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            for (int id = 1; id <= 20; id++) {
                statement.executeUpdate("UPDATE orders SET note = 'w' WHERE id = " + id);
            }
        }
        assertThat(ground.database.query("SELECT count(*) >= 20 FROM agentroles_guard.mark"))
                .containsExactly("t");
        ground.database.execute(
                "INSERT INTO agentroles_guard.usage VALUES ('over', now(), '1', 1, 1, now() - interval '1 minute'),"
                        + " ('open', now(), '2', 1, 1, now() + interval '1 hour')");
        var said = ground.operator.run("reap", "shop.yaml");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(ground.database.query("SELECT count(*) FROM agentroles_guard.mark"))
                .containsExactly("0");
        assertThat(ground.database.query("SELECT agent FROM agentroles_guard.usage WHERE agent IN ('open', 'over')"))
                .containsExactly("open");
    }
}
