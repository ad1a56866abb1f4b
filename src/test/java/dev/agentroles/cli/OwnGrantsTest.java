package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an agent owns, temporary objects and large objects among it, it may give to other roles of ours, and
/// nobody but a superuser takes that back. An agent that only reads must not stop `apply` by that.
@OnEachPostgreSql
final class OwnGrantsTest {
    @AutoClose
    private final Ground ground;

    OwnGrantsTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(server, directory);
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @Test
    void whatAnAgentGivesOfItsOwnStopsNoPlan() throws SQLException, IOException {
        var other = "\"ar_%s_%s\"".formatted(ground.database.name(), Ground.OTHER);
        try (var session = ground.connect(Ground.AGENT);
                var statement = session.createStatement()) {
            for (var sql : new String[] {
                "CREATE TEMP TABLE mine (id int)",
                "GRANT SELECT ON mine TO " + other,
                "GRANT INSERT (id) ON mine TO " + other,
                "CREATE TYPE pg_temp.kind AS ENUM ('a')",
                "GRANT USAGE ON TYPE pg_temp.kind TO " + other,
                "SELECT lo_from_bytea(424242, 'mine')",
                "GRANT SELECT ON LARGE OBJECT 424242 TO " + other,
                "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO " + other,
                "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC"
            }) {
                statement.execute(sql);
            }

            ground.clean("plan", "shop.yaml");
            assertThat(ground.operator.run("verify", "shop.yaml", "--no-probes").out())
                    .doesNotContain("DEFAULT-PRIVILEGES")
                    .doesNotContain("default privileges");
            ground.without(Ground.OTHER);
            assertThat(ground.ends(4, "apply", "shop.yaml", "--yes", "--no-verify")
                            .out())
                    .contains("role " + other + " cannot be dropped because some objects depend on it")
                    .contains("ended");
            statement.execute("SELECT lo_unlink(424242)");
        }

        ground.clean("revoke", "shop.yaml", "--agent", Ground.AGENT, "--reason", "now");
        ground.clean("reap", "shop.yaml");
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(ground.database.query("SELECT count(*) FROM pg_roles WHERE rolname = " + other.replace('"', '\'')))
                .containsExactly("0");
    }
}
