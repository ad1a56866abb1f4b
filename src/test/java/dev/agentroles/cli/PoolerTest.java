package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.Naming;
import dev.agentroles.harness.Pooler;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A connection pooler between agentroles and PostgreSQL hands one session to many clients: a lock that an agent
/// is claimed by goes to the next one, and so does what a session may do. It may also let everybody in as somebody
/// else.
final class PoolerTest {
    @AutoClose
    private final Ground ground;

    PoolerTest(@TempDir Path folder) throws Exception {
        ground = Ground.onFile(folder);
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    private URI server() {
        return URI.create(ground.database.url().substring("jdbc:".length()));
    }

    private String through(Pooler pooler) {
        return ground.database.url().replaceFirst(":[0-9]+/", ":" + pooler.port() + "/");
    }

    private void agentsGoBy(String url) throws IOException {
        ground.operator.set("AGENT_URL", url);
        ground.operator.edit(
                "shop.yaml", text -> text.replace("    admin:", "    agent_url: {env: AGENT_URL}\n    admin:"));
    }

    @Test
    void aPoolerThatDropsTheSettingsOfASessionIsRefusedAsOne() throws Exception {
        try (var pooler = Pooler.forgetting(server())) {
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
        try (var pooler = Pooler.forgetting(server())) {
            agentsGoBy(through(pooler));
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

    /// It would have the power of its agent, and whatever else that account has or comes to have.
    @Test
    void aLoginThatComesOutAsAnotherAccountIsNotPublished() throws Exception {
        var works = ground.published(Ground.AGENT);
        var logins = ground.logins();
        var forced = ground.database.role("forced");
        ground.database.execute(
                "CREATE ROLE \"%s\" LOGIN".formatted(forced),
                "GRANT \"%s\" TO \"%s\"".formatted(Naming.agentRole(ground.database.name(), Ground.AGENT), forced));
        try (var pooler = Pooler.forcing(server(), client -> withPasswordOf(client, forced))) {
            agentsGoBy(through(pooler));

            assertThat(ground.ends(1, "rotate", "shop.yaml", "--agent", Ground.AGENT)
                            .all())
                    .contains("did not prove itself", "by the agents' URL ", "the server calls it " + forced);
        }
        assertThat(ground.published(Ground.AGENT)).isEqualTo(works);
        assertThat(ground.logins()).isEqualTo(logins);
    }

    /// @return the account
    private String withPasswordOf(String client, String account) {
        try {
            var verifier = ground.database
                    .query("SELECT rolpassword FROM pg_authid WHERE rolname = '%s'".formatted(client))
                    .getFirst();
            ground.database.execute("ALTER ROLE \"%s\" PASSWORD '%s'".formatted(account, verifier));
            return account;
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }
}
