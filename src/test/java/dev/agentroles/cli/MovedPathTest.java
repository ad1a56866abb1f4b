package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.StorePath;
import dev.agentroles.harness.OpenBao;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The profile gets another `vault.path`. Who still reads the old place is not left with a password that is
/// dead.
final class MovedPathTest {
    @AutoClose
    private final Ground ground;

    private final StorePath old;

    MovedPathTest(@TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(directory, OpenBao.shared());
        this.old = ground.path(Ground.AGENT);
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        ground.operator.edit(
                "shop.yaml",
                text -> text.replace(
                        "vault: {mount: " + ground.mount() + "}",
                        "vault: {mount: " + ground.mount() + ", path: 'moved/{environment}/{database}/{agent}'}"));
    }

    private void whatWasPublishedAtTheOldPathExpires() throws SQLException {
        ground.clean("rotate", "shop.yaml");
        ground.database.execute("UPDATE agentroles.lease SET expires_at = now() - interval '11 minutes'"
                + " WHERE store_path NOT LIKE 'moved/%'");
    }

    private boolean holds(StorePath path) {
        try (var store = ground.operator.store()) {
            return store.read(path).held().isPresent();
        }
    }

    private void onlyTheNewPathHoldsALogin() throws SQLException {
        assertThat(holds(old)).isFalse();
        assertThat(holds(new StorePath("moved/production/" + ground.database.name() + "/" + Ground.AGENT)))
                .isTrue();
        ground.serverAndLedgerAgree("the path moved");
    }

    @Test
    void reapErasesItWithItsLogin() throws SQLException {
        whatWasPublishedAtTheOldPathExpires();

        assertThat(ground.clean("reap", "shop.yaml").out()).contains("erasing secret " + old);

        onlyTheNewPathHoldsALogin();
    }

    @Test
    void applyErasesItWithItsLogin() throws SQLException {
        whatWasPublishedAtTheOldPathExpires();

        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");

        onlyTheNewPathHoldsALogin();
        assertThat(ground.clean("reap", "shop.yaml").out()).isEqualTo("Nothing to reap.\n");
    }

    @Test
    void whatCannotBeErasedIsOwed() throws SQLException {
        whatWasPublishedAtTheOldPathExpires();
        ground.reach(URI.create("http://127.0.0.1:1"));

        assertThat(ground.ends(4, "reap", "shop.yaml").out()).contains("is still owed: erasing secret agents/");

        ground.reach(OpenBao.shared().address());
        ground.clean("reap", "shop.yaml");
        onlyTheNewPathHoldsALogin();
    }

    @Test
    void anAgentThatLeavesWithTheSameChangeLeavesNothing() throws Exception {
        ground.without(Ground.AGENT);

        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(holds(old)).isFalse();
        ground.serverAndLedgerAgree("the path moved");
    }
}
