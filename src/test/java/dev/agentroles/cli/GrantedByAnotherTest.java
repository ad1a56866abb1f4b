package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Since PostgreSQL 16 only who has granted a membership takes it away: what a superuser has granted to a login is not
/// the administrator's to take, and a stop goes on all the same.
@OnEachPostgreSql
final class GrantedByAnotherTest {
    @AutoClose
    private final Ground ground;

    private final boolean grantors;

    GrantedByAnotherTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(server, directory);
        grantors = Integer.parseInt(
                        ground.database.query("SHOW server_version_num").getFirst())
                >= 160_000;
    }

    @Test
    void aStopNamesTheLoginThatKeepsWhatAnotherGaveItAndTakesItFromAllOthers() throws SQLException {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        var login = ground.published(Ground.AGENT).orElseThrow().username();
        var agent = login.substring(0, login.lastIndexOf('_'));
        ground.database.execute("GRANT \"%s\" TO \"%s\"".formatted(agent, login));

        var said = ground.ends(grantors ? 4 : 0, "freeze", "shop.yaml", "--reason", "now");

        assertThat((said.out() + said.err()).contains("keep their power in sessions that hide: " + login))
                .isEqualTo(grantors);
        assertThat(members()).isEqualTo(grantors ? List.of(login) : List.of());
        assertThat(ground.published(Ground.OTHER)).isEmpty();
        ground.clean("reap", "shop.yaml");
        assertThat(ground.logins()).isEmpty();
    }

    /// Logins that are members of an agent's role.
    private List<String> members() throws SQLException {
        return ground.database.query(
                "SELECT DISTINCT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member"
                        + " WHERE m.rolname ~ '^ar_%s_.*_[0-9a-z]{8}$'".formatted(ground.database.name()));
    }
}
