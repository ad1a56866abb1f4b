package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.StorePath;
import dev.agentroles.harness.OpenBao;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The profile gets another `vault.path`.
final class MovedPathTest {
    @AutoClose
    private final Ground ground;

    MovedPathTest(@TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(directory, OpenBao.shared());
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    /// Who still reads the old place is not left with a password that is dead.
    @Test
    void whatWasPublishedAtTheOldPathGoesWithItsLogin() throws Exception {
        var old = ground.path(Ground.AGENT);
        ground.operator.edit(
                "shop.yaml",
                text -> text.replace(
                        "vault: {mount: " + ground.mount() + "}",
                        "vault: {mount: " + ground.mount() + ", path: 'moved/{environment}/{database}/{agent}'}"));
        ground.clean("rotate", "shop.yaml");
        ground.database.execute("UPDATE agentroles.lease SET expires_at = now() - interval '1 minute'"
                + " WHERE store_path NOT LIKE 'moved/%'");

        var said = ground.clean("reap", "shop.yaml");

        assertThat(said.out()).contains(old + ": its login does not work");
        try (var store = ground.operator.store()) {
            assertThat(store.read(old).held()).isEmpty();
            assertThat(store.read(new StorePath("moved/production/" + ground.database.name() + "/" + Ground.AGENT))
                            .held())
                    .isPresent();
        }
    }
}
