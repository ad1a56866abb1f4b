package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.engine.postgres.PostgresEngine;
import dev.agentroles.harness.RequestProxy;
import dev.agentroles.ledger.Ledger;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A machine is lost in the middle of a run, without a word to the server: its sessions stay for a while,
/// with what they hold.
final class LostMachineTest {
    @AutoClose
    private final Ground ground;

    LostMachineTest(@TempDir Path directory) throws SQLException, IOException {
        ground = Ground.onFile(directory);
    }

    /// Whatever request is the last one, the journal and the leases are nobody's: the next run, and a
    /// freeze, wait for nothing.
    @ParameterizedTest
    @ValueSource(strings = {"rotate", "reap", "exec", "revoke", "freeze", "thaw"})
    void noTransactionIsOpenBetweenTwoRequests(String name) throws Exception {
        var act = CrashActs.of(Ground.AGENT, Ground.OTHER).stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
        act.before().on(ground);
        var url = ground.database.url();
        var address = URI.create(url.substring("jdbc:".length()));
        Set<String> open = Collections.synchronizedSet(new HashSet<>());
        try (var proxy =
                new RequestProxy(address.getHost(), address.getPort(), _ -> open.addAll(openTransactions()), _ -> {})) {
            ground.operator.set("DB_URL", url.replace(":" + address.getPort() + "/", ":" + proxy.port() + "/"));

            ground.clean(act.command().toArray(String[]::new));

            assertThat(proxy.requests()).isPositive();
        }
        assertThat(open).isEmpty();
    }

    private Set<String> openTransactions() {
        try {
            return Set.copyOf(ground.database.query(
                    "SELECT query FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND usename = '"
                            + ground.operator.administrator().username() + "'"));
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void aRunThatSaysNothingAnyMoreIsNamedAndTheServerEndsItsSession() throws SQLException {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        try (var lost = new PostgresEngine().connect(ground.database.target(ground.operator.administrator()))) {
            assertThat(setting(lost.connection(), "idle_session_timeout")).isEqualTo("0");
            Ledger.on(lost.connection(), "postgresql").claims().claimAgent(Ground.AGENT);
            assertThat(setting(lost.connection(), "idle_session_timeout")).isEqualTo("5min");
            ground.database.query("SELECT pg_sleep(10.5)");

            var said = ground.operator.run("rotate", "shop.yaml", "--all");

            assertThat(said.code()).isEqualTo(4);
            assertThat(said.out())
                    .contains("agent support-bot is not rotated: session ")
                    .containsPattern("began to, and has said nothing for 1\\d s")
                    .contains("Rotated 1, 0 not due, 1 failed.\n");
        }
    }

    @Test
    void aRunThatIsAtWorkIsLeftAloneAndCounted() throws SQLException {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
        try (var other = new PostgresEngine().connect(ground.database.target(ground.operator.administrator()))) {
            Ledger.on(other.connection(), "postgresql").claims().claimAgent(Ground.AGENT);

            assertThat(ground.clean("rotate", "shop.yaml", "--all").out())
                    .contains("Rotated 1, 0 not due, 1 left to another run.\n");
        }
    }

    @Test
    void theServerLooksAfterAMachineThatIsGone() throws SQLException {
        try (var session = new PostgresEngine().connect(ground.database.target(ground.operator.administrator()))) {
            for (var setting : Map.of(
                            "idle_in_transaction_session_timeout", "10s",
                            "tcp_keepalives_idle", "15",
                            "tcp_keepalives_interval", "5",
                            "tcp_keepalives_count", "3",
                            "tcp_user_timeout", "60000")
                    .entrySet()) {
                assertThat(setting(session.connection(), setting.getKey()))
                        .as(setting.getKey())
                        .isEqualTo(setting.getValue());
            }
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW " + name)) {
            row.next();
            return row.getString(1);
        }
    }
}
