package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guard is put on, replaced and taken off while others work, and no writer is ever without it.
@OnEachPostgreSql
final class GuardRolloutTest {
    @AutoClose
    private final Ground ground;

    GuardRolloutTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server, directory);
    }

    private String asSuperuser(String query) throws SQLException {
        return ground.database.query(query).getFirst();
    }

    @Test
    void aBusyTableIsNotGrantedBeforeItIsGuarded() throws SQLException, IOException {
        ground.widen("public.secrets");
        var writable = "SELECT has_table_privilege('%s', 'secrets', 'UPDATE')".formatted(ground.writer());
        try (var application = ground.database.connect(ground.application);
                var statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("UPDATE secrets SET s = 'x'");
            var said = ground.operator.run("apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");
            assertThat(said.code()).as(said.err()).isOne();
            assertThat(said.err()).contains("other sessions held what was needed");
            assertThat(asSuperuser(writable)).isEqualTo("f");
            application.rollback();
        }
        ground.apply();
        assertThat(asSuperuser(writable)).isEqualTo("t");
        assertThat(
                        asSuperuser(
                                "SELECT tgenabled FROM pg_trigger WHERE tgrelid = 'secrets'::regclass AND tgname = 'agentroles_guard'"))
                .isEqualTo("A");
    }

    @Test
    void anOlderGuardIsReplacedWhileAgentsAndTheApplicationWork()
            throws SQLException, ExecutionException, InterruptedException {
        ground.database.execute("COMMENT ON FUNCTION agentroles_guard.admit() IS 'older'", """
                CREATE OR REPLACE FUNCTION agentroles_guard.fewer(most bigint) RETURNS text LANGUAGE plpgsql
                AS $$ BEGIN RETURN 'older'; END $$""");
        var stop = new AtomicBoolean();
        try (var workers = Executors.newFixedThreadPool(2)) {
            var agent = workers.submit(() -> work(true, stop));
            var application = workers.submit(() -> work(false, stop));
            ground.apply();
            stop.set(true);
            assertThat(agent.get()).isPositive();
            assertThat(application.get()).isPositive();
        }
        assertThat(ground.operator.run("plan", "shop.yaml").code()).isZero();
    }

    private int work(boolean agent, AtomicBoolean stop) throws SQLException {
        int done = 0;
        try (var connection = ground.database.connect(agent ? ground.agent() : ground.application);
                var update = connection.prepareStatement("UPDATE orders SET note = 'w' WHERE id = ?")) {
            while (!stop.get() || done == 0) {
                update.setInt(1, 1 + done % 100 + (agent ? 0 : 1000));
                done += update.executeUpdate();
            }
        }
        return done;
    }
}
