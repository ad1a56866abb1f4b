package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// In a database where a letter is a byte.
@OnEachPostgreSql
final class GuardEncodingTest {
    @AutoClose
    private final Ground ground;

    GuardEncodingTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server.createDatabaseInLatin1(), directory, "");
    }

    /// There the server folds \u00c9 to \u00e9 in some locales, and so may run another statement than was
    /// judged.
    @Test
    void aNameWithOtherLettersThanAsciiIsExecutedInQuotesOnly() throws SQLException {
        try (var session = ground.database.connect(ground.agent());
                var statement = session.createStatement()) {
            statement.execute("PREPARE \"\u00c9\" AS UPDATE config SET v = 'x' WHERE id = 1");

            assertThatThrownBy(() -> statement.execute("EXECUTE \u00c9; UPDATE config SET v = 'y' WHERE id = 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo("AR001"))
                    .hasMessageContaining("letters that are not ASCII and no double quotes");

            statement.execute("EXECUTE \"\u00c9\"");
            assertThat(statement.executeUpdate("UPDATE config SET v = '\u00e9' WHERE id = 2"))
                    .isOne();
        }
    }
}
