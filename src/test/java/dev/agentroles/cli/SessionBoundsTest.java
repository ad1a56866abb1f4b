package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
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

    private final Path directory;

    SessionBoundsTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.directory = directory;
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
    void aPlanSaysWhichLoginsKeepTheTermsTheyWereMadeOn() throws Exception {
        assertThat(ground.clean("plan", "shop.yaml").out()).doesNotContain("keeps the terms");
        ground.terms("ttl: 30m, overlap: 5m");
        var profile = directory.resolve("shop.yaml");
        Files.writeString(profile, Files.readString(profile).replace("connections: 20", "connections: 3"));

        assertThat(ground.clean("plan", "shop.yaml").out())
                .containsPattern("shop.yaml:\\d+:3: the login of agent support-bot keeps the terms it was made on:"
                        + " ttl 1h, and not 30m; connections 20, and not 3; the next login has those of the profile;"
                        + " to give it now: agentroles rotate shop.yaml --agent support-bot");

        ground.clean("rotate", "shop.yaml", "--agent", "support-bot");
        assertThat(ground.clean("plan", "shop.yaml").out())
                .contains("agent order-desk keeps the terms")
                .doesNotContain("agent support-bot keeps the terms");
    }

    @Test
    void theServerHoldsAnAgentToItsBounds() throws Exception {
        ground.terms("ttl: 1h, overlap: 10m, idle_timeout: 1s, statement_timeout: 1s");
        ground.clean("rotate", "shop.yaml", "--all");

        try (var session = ground.connect("support-bot")) {
            assertThatThrownBy(() -> session.createStatement().execute("SELECT pg_sleep(5)"))
                    .hasMessageContaining("canceling statement due to statement timeout");

            ground.database.awaitNoSession(ground.published("support-bot").orElseThrow());
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
