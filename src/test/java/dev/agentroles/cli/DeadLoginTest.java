package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OnOldestAndNewestPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A login that is published and does not work: it is shown, replaced, or erased.
@OnOldestAndNewestPostgreSql
final class DeadLoginTest {
    @AutoClose
    private final Ground ground;

    DeadLoginTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(server, directory);
    }

    @BeforeEach
    void everythingIsApplied() {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @Test
    void aPublishedLoginThatIsDeadIsReplacedAtOnce() throws SQLException {
        ground.database.execute(
                "DROP ROLE \"" + ground.published("support-bot").orElseThrow().username() + '"');

        var said = ground.clean("rotate", "shop.yaml");

        assertThat(said.out()).contains("is gone from the server").contains("Rotated 1, 1 not due.");
        ground.connect("support-bot").close();
        ground.clean("reap", "shop.yaml");
        assertThat(ground.logins()).hasSize(2);
    }

    @Test
    void aPublishedLoginThatTheServerLetsInNoMoreIsReplacedAtOnce() throws SQLException {
        ground.database.execute("ALTER ROLE \""
                + ground.published("support-bot").orElseThrow().username() + "\" VALID UNTIL '2020-01-01'");

        assertThat(ground.clean("rotate", "shop.yaml").out()).contains("Rotated 1, 1 not due.");

        ground.connect("support-bot").close();
    }

    @Test
    void aLoginWhosePasswordTheAgentHasChangedIsReplaced() throws SQLException {
        try (var session = ground.connect("support-bot");
                var statement = session.createStatement()) {
            statement.execute("ALTER ROLE CURRENT_USER PASSWORD 'mine'");
        }

        assertThat(ground.clean("rotate", "shop.yaml").out())
                .contains("does not work: ")
                .contains("Rotated 1, 1 not due.");

        ground.connect("support-bot").close();
    }

    @Test
    void statusShowsALoginThatIsGoneFromTheServer() throws SQLException {
        ground.database.execute(
                "DROP ROLE \"" + ground.published("support-bot").orElseThrow().username() + '"');

        assertThat(ground.ends(4, "status", "shop.yaml").out().lines().filter(line -> line.startsWith("support-bot")))
                .singleElement()
                .asString()
                .endsWith(" gone");
        assertThat(ground.ends(4, "status", "shop.yaml", "--format", "json").out())
                .containsOnlyOnce("\"works\":false")
                .containsOnlyOnce("\"works\":true");
    }

    @Test
    void aSecretWhoseLoginIsGoneIsErased() throws SQLException {
        ground.database.execute(
                "DROP ROLE \"" + ground.published("support-bot").orElseThrow().username() + '"');

        assertThat(ground.clean("reap", "shop.yaml").out()).contains("/support-bot: its login does not work");

        assertThat(ground.published("support-bot")).isEmpty();
        assertThat(ground.published("order-desk")).isPresent();
    }
}
