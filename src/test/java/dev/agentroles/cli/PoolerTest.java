package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.ForgettingPooler;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A connection pooler between agentroles and PostgreSQL hands one session to many clients: a lock that an agent
/// is claimed by goes to the next one, and so does what a session may do.
final class PoolerTest {
    @AutoClose
    private final Ground ground;

    PoolerTest(@TempDir Path folder) throws Exception {
        ground = Ground.onFile(folder);
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @Test
    void aPoolerThatDropsTheSettingsOfASessionIsRefusedAsOne() throws Exception {
        var url = ground.database.url();
        try (var pooler = new ForgettingPooler(URI.create(url.substring("jdbc:".length())))) {
            ground.operator.set("DB_URL", url.replaceFirst(":[0-9]+/", ":" + pooler.port() + "/"));
            for (var command : List.of(
                    "plan shop.yaml",
                    "status shop.yaml",
                    "audit shop.yaml",
                    "rotate shop.yaml --all",
                    "freeze shop.yaml --reason leak")) {
                assertThat(ground.ends(3, command.split(" ")).err())
                        .as(command)
                        .contains("does not keep the settings of our session")
                        .contains("give the URL of PostgreSQL itself");
            }
        }
    }
}
