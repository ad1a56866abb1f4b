package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the profile sets for the sessions of an agent, and who holds them to it.
@OnEachPostgreSql
final class SessionBoundsTest {
    @AutoClose
    private final Ground ground;

    SessionBoundsTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(server, directory);
    }

    @BeforeEach
    void everythingIsApplied() {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @Test
    void theBoundsOfTheProfileReachTheSessionsOfAnAgent() throws Exception {
        ground.terms("ttl: 1h, overlap: 10m, idle_timeout: 7m, statement_timeout: 5s");
        ground.clean("rotate", "shop.yaml", "--all");

        try (var session = ground.connect("support-bot");
                var statement = session.createStatement();
                var row = statement.executeQuery(
                        "SELECT current_setting('idle_session_timeout'), current_setting('statement_timeout')")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("7min");
            assertThat(row.getString(2)).isEqualTo("5s");
        }
    }

    @Test
    void theServerHoldsAnAgentToItsBounds() throws Exception {
        ground.terms("ttl: 1h, overlap: 10m, idle_timeout: 1s, statement_timeout: 1s");
        ground.clean("rotate", "shop.yaml", "--all");

        try (var session = ground.connect("support-bot")) {
            assertThatThrownBy(() -> session.createStatement().execute("SELECT pg_sleep(5)"))
                    .hasMessageContaining("canceling statement due to statement timeout");

            ground.database.query("SELECT pg_sleep(1.5)");
            assertThat(session.isValid(5)).isFalse();
        }
    }

    @Test
    void aSessionLongerThanTheProfileAllowsIsEnded() throws Exception {
        ground.terms("ttl: 1h, overlap: 10m, max_session: 5s");
        try (var session = ground.connect("support-bot")) {
            session.createStatement().execute("SELECT pg_sleep(5.1)");
            try (var young = ground.connect("support-bot")) {
                assertThat(ground.clean("reap", "shop.yaml").out())
                        .contains("1 session on")
                        .contains("that lasted too long");

                assertThat(session.isValid(5)).isFalse();
                assertThat(young.isValid(5)).isTrue();
            }
        }
        assertThat(ground.database.query("SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
                        + " WHERE rolname ~ '_[0-9][^_]{7}$' AND NOT m.admin_option"
                        + " AND m.member = (SELECT oid FROM pg_roles WHERE rolname = '"
                        + ground.operator.administrator().username()
                        + "') AND starts_with(rolname, 'ar_"
                        + ground.database.name() + "')"))
                .as("powers that the administrator lent itself")
                .containsExactly("0");
    }
}
