package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What operations set for everybody on a server, a database or a role, and what our sessions do all the same.
@OnEachPostgreSql
final class ForeignSettingsTest {
    private final PostgreSql server;
    private final Path directory;

    @AutoClose
    private final Ground ground;

    ForeignSettingsTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.server = server;
        this.directory = directory;
        ground = Ground.onFile(server, directory);
    }

    private static void set(Ground ground, String setting) throws SQLException {
        ground.database.execute("ALTER DATABASE %s SET %s".formatted(ground.database.name(), setting));
    }

    /// What another session has just committed would be a failure there.
    @ParameterizedTest
    @ValueSource(strings = {"repeatable read", "serializable"})
    void whoeverWaitedForTheJournalGoesOnFromWhatItThenFinds(String isolation) throws Exception {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        set(ground, "default_transaction_isolation = '" + isolation + "'");
        try (var other = ground.database.connect(ground.operator.administrator());
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("UPDATE agentroles.journal_head SET only_row = only_row");
            var frozen =
                    CompletableFuture.supplyAsync(() -> ground.operator.run("freeze", "shop.yaml", "--reason", "now"));
            ground.database.awaitLockWaits(ground.operator.administrator(), 1);
            other.commit();

            assertThat(frozen.get().code()).as(frozen.get().err()).isZero();
        }
        ground.operator.answer("production");
        ground.clean("thaw", "shop.yaml");
        ground.clean("rotate", "shop.yaml", "--all");
        ground.clean("verify", "shop.yaml", "--fail-on", "critical");
    }

    /// Providers set it when a disk is nearly full.
    @Test
    void aDatabaseThatIsReadOnlyByDefaultIsWrittenTo() throws Exception {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        set(ground, "default_transaction_read_only = on");

        ground.clean("rotate", "shop.yaml", "--all");
        ground.clean("revoke", "shop.yaml", "--agent", Ground.AGENT, "--reason", "now");
        ground.clean("reap", "shop.yaml");
        ground.clean("freeze", "shop.yaml", "--reason", "now");

        assertThat(ground.published(Ground.OTHER)).isEmpty();
    }

    @Test
    void noStopWaitsForAStandbyThatIsGone() throws Exception {
        try (var lonely = Ground.onFile(server.another(), directory)) {
            lonely.clean("apply", "shop.yaml", "--yes", "--no-verify");
            lonely.database.execute("ALTER ROLE %s SET synchronous_commit = on"
                    .formatted(lonely.operator.administrator().username()));
            lonely.database.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
            lonely.database.execute("SELECT pg_reload_conf()");

            lonely.clean("rotate", "shop.yaml", "--all", "--timeout", "5");
            lonely.clean("revoke", "shop.yaml", "--agent", Ground.AGENT, "--reason", "now", "--timeout", "5");
            lonely.clean("reap", "shop.yaml", "--timeout", "5");
            lonely.clean("freeze", "shop.yaml", "--reason", "now", "--timeout", "5");

            assertThat(lonely.published(Ground.OTHER)).isEmpty();
        }
    }

    /// A statement that waits for a lock would go on to hold it for nobody.
    @Test
    void theServerEndsAStatementWhoseClientIsGone() throws SQLException {
        try (var session = new PostgresEngine().connect(ground.database.target(ground.operator.administrator()));
                var statement = session.connection().createStatement();
                var row = statement.executeQuery("SHOW client_connection_check_interval")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("5s");
        }
    }
}
