package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.FaultPoints.Point;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database that is restored takes its ledger back to the time of the backup. Roles are the whole server's on
/// PostgreSQL, and the store is another machine's: both know of logins that the ledger does not.
final class RestoredLedgerTest {
    private static final String FORGOTTEN = "has forgotten every freeze and revocation since";

    @AutoClose
    private final Ground shop;

    RestoredLedgerTest(@TempDir Path folder) throws Exception {
        shop = Ground.onFile(folder);
    }

    @BeforeEach
    void theBackupIsOlderThanWhatIsPublished() throws SQLException {
        shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
        var backup = LedgerBackup.of(shop.database);
        shop.clean("rotate", "shop.yaml", "--all");
        backup.restore();
    }

    private void agentsReadWhatWorks(String after) {
        for (var agent : List.of(shop.agent(), shop.other())) {
            assertThat(shop.works(shop.published(agent).orElseThrow()))
                    .as("%s: what %s reads works", after, agent)
                    .isTrue();
        }
    }

    @Test
    void whatAgentsReadOutlivesAReapUntilARotationPublishesAnother() throws SQLException {
        var read = shop.published(shop.agent()).orElseThrow();

        assertThat(shop.clean("reap", "shop.yaml").out()).isEqualTo("Nothing to reap.\n");
        agentsReadWhatWorks("reap");
        shop.clean("rotate", "shop.yaml");
        agentsReadWhatWorks("rotate");

        assertThat(shop.published(shop.agent())).isPresent().isNotEqualTo(Optional.of(read));
        assertThat(shop.clean("reap", "shop.yaml").out()).contains("login " + read.username());
        assertThat(shop.works(read)).isFalse();
        shop.everythingIsInOrder("reap");
    }

    @Test
    void anApplyEndsThemWhenTheirSuccessorsArePublishedAndNotBefore() {
        var read = shop.published(shop.agent()).orElseThrow();
        shop.operator.dieAt(point -> {
            if (point == Point.LOGIN_PROVEN) {
                throw new IllegalStateException("died");
            }
        });
        shop.operator.run("apply", "shop.yaml", "--yes", "--no-verify");
        agentsReadWhatWorks("an apply that published nothing");

        shop.operator.dieAt(FaultPoints.NONE);
        shop.clean("apply", "shop.yaml", "--yes", "--no-verify");

        agentsReadWhatWorks("apply");
        assertThat(shop.works(read)).isFalse();
        shop.clean("plan", "shop.yaml");
    }

    @Test
    void whoeverLooksAfterItIsToldThatStopsAreForgotten() {
        for (var command : List.of("plan", "status", "reap", "rotate")) {
            assertThat(shop.operator.run(command, "shop.yaml").err())
                    .as(command)
                    .contains(FORGOTTEN);
        }
        shop.clean("reap", "shop.yaml");

        assertThat(shop.clean("status", "shop.yaml").err()).doesNotContain(FORGOTTEN);
    }
}
