package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.ForgettingPooler;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
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

    private ForgettingPooler pooler() {
        return new ForgettingPooler(URI.create(ground.database.url().substring("jdbc:".length())));
    }

    private String through(ForgettingPooler pooler) {
        return ground.database.url().replaceFirst(":[0-9]+/", ":" + pooler.port() + "/");
    }

    @Test
    void aPoolerThatDropsTheSettingsOfASessionIsRefusedAsOne() throws Exception {
        try (var pooler = pooler()) {
            ground.operator.set("DB_URL", through(pooler));
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

    @Test
    void agentsMayGoThroughOneAndKeepTheirLoginsWhileItIsDown() throws Exception {
        try (var pooler = pooler()) {
            ground.operator.set("AGENT_URL", through(pooler));
            ground.operator.edit(
                    "shop.yaml", text -> text.replace("    admin:", "    agent_url: {env: AGENT_URL}\n    admin:"));
            ground.clean("rotate", "shop.yaml");
            var login = ground.published(Ground.AGENT).orElseThrow();
            assertThat(ground.operator.secret(Ground.AGENT).orElseThrow().url()).isEqualTo(through(pooler));
            try (var session = DriverManager.getConnection(through(pooler), login.username(), login.clear())) {
                assertThat(session.isValid(5)).isTrue();
            }
        }
        var published = ground.published(Ground.AGENT);

        assertThat(ground.clean("rotate", "shop.yaml").out()).contains("2 not due");
        ground.ends(1, "rotate", "shop.yaml", "--all");

        assertThat(ground.published(Ground.AGENT)).isEqualTo(published);
    }
}
