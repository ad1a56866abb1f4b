package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server ends leases by itself where the profile says so, and nobody runs `reap`.
@OnEachMySql
final class MySqlExpiryTest {
    /// The event runs every five seconds.
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private final MySql server;
    private final Path directory;

    @AutoClose
    private final MySqlGround ground;

    private String scheduler = "";

    MySqlExpiryTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        this.server = server;
        this.directory = directory;
        this.ground = new MySqlGround(server, directory);
    }

    @BeforeEach
    void theSchedulerIsOn() throws SQLException, IOException {
        scheduler = ground.database.query("SELECT @@event_scheduler").getFirst();
        ground.database.execute("SET GLOBAL event_scheduler = ON");
        profile("    expiry_event: true\n");
    }

    @AfterEach
    void theSchedulerIsAsItWas() throws SQLException {
        ground.database.execute(
                "DROP EVENT IF EXISTS agentroles.end_leases", "SET GLOBAL event_scheduler = " + scheduler);
    }

    /// @param lines of the database's entry
    private void profile(String lines) throws IOException {
        var file = directory.resolve("shop.yaml");
        var text = Files.readString(file).replace("    expiry_event: true\n", "");
        Files.writeString(file, text.replace("scopes:\n", lines + "scopes:\n"));
    }

    private void applied() {
        ground.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    private String event() throws SQLException {
        return String.join(
                "",
                ground.database.query(
                        "SELECT STATUS FROM information_schema.EVENTS WHERE EVENT_SCHEMA = 'agentroles' AND EVENT_NAME = 'end_leases'"));
    }

    @Test
    void whatIsOverIsClosedAndItsSessionsAreEnded() throws SQLException {
        applied();
        var over = ground.published(MySqlGround.AGENT).orElseThrow();
        var other = ground.published(MySqlGround.OTHER).orElseThrow();
        try (var session = ground.connect(MySqlGround.AGENT);
                var rest = ground.connect(MySqlGround.OTHER)) {
            ground.expire(MySqlGround.AGENT, 1);

            awaitLocked(over);

            assertThat(session.isValid(5)).isFalse();
            assertThat(rest.isValid(5)).isTrue();
        }
        assertThat(ground.works(over)).isFalse();
        assertThat(ground.works(other)).isTrue();
        ground.clean("reap", "shop.yaml");
        ground.clean("rotate", "shop.yaml");
        ground.everythingIsInOrder("after the server ended a lease");
    }

    /// MariaDB and MySQL before 8.0.16 have no account that this administrator may not lock.
    @Test
    void oneThatCannotBeClosedSavesNoOther() throws SQLException {
        boolean beyond = !server.mariadb() && !server.release().before("8.0.16");
        applied();
        var refused = ground.published(MySqlGround.AGENT).orElseThrow();
        var other = ground.published(MySqlGround.OTHER).orElseThrow();
        int before = server.log().length();
        if (beyond) {
            ground.database.execute("GRANT SYSTEM_USER ON *.* TO '" + refused.username() + "'@'%'");
        }
        try (var _ = ground.connect(MySqlGround.AGENT);
                var session = ground.connect(MySqlGround.OTHER)) {
            ground.expire(MySqlGround.AGENT, 1);
            ground.expire(MySqlGround.OTHER, 1);

            awaitLocked(other);

            awaitEnd(session);
        }
        assertThat(ground.works(refused)).isEqualTo(beyond);
        assertThat(server.log()
                        .substring(before)
                        .contains("not ended of leases that are over: 2 (logins and sessions)"))
                .isEqualTo(beyond);
        ground.drop(refused);
    }

    @Test
    void whatItCannotDoStandsInTheServersLog() throws SQLException {
        applied();
        int before = server.log().length();
        ground.database.execute("REVOKE %s ON *.* FROM '%s'@'%%'"
                .formatted(
                        server.mariadb() ? "CONNECTION ADMIN" : "CONNECTION_ADMIN",
                        ground.operator.administrator().username()));
        try (var _ = ground.connect(MySqlGround.AGENT)) {
            ground.expire(MySqlGround.AGENT, 1);

            var end = Instant.now().plus(PATIENCE);
            while (!server.log().substring(before).contains("over: 1 (logins and sessions); You are not owner of")) {
                assertThat(Instant.now()).as("nothing is in the log").isBefore(end);
                ground.pause();
            }
        }
    }

    private void awaitEnd(Connection session) throws SQLException {
        var end = Instant.now().plus(PATIENCE);
        while (session.isValid(5)) {
            assertThat(Instant.now()).as("the session is still open").isBefore(end);
            ground.pause();
        }
    }

    /// Asks the server, which waits between two looks.
    private void awaitLocked(Login login) throws SQLException {
        var end = Instant.now().plus(PATIENCE);
        while (ground.works(login)) {
            assertThat(Instant.now()).as("the login still works").isBefore(end);
            ground.pause();
        }
    }

    @Test
    void itIsMadeOnceAndGoesWhenTheProfileNoLongerWantsIt() throws SQLException, IOException {
        var said = ground.ends(2, "plan", "shop.yaml");
        assertThat(said.out()).contains("+ expiry event ").contains("without reap");
        applied();
        assertThat(event()).isEqualTo("ENABLED");
        ground.clean("plan", "shop.yaml");

        profile("");

        assertThat(ground.ends(2, "plan", "shop.yaml").out())
                .contains("- expiry event: leases last until reap ends them");
        applied();
        assertThat(event()).isEmpty();
        ground.clean("plan", "shop.yaml");
    }

    @Test
    void whoeverChangesOrStopsItIsFound() throws SQLException {
        applied();
        ground.clean("verify", "shop.yaml", "--fail-on", "high");

        try (var session = ground.database.connect(ground.operator.administrator());
                var statement = session.createStatement()) {
            statement.execute("ALTER EVENT agentroles.end_leases DISABLE");
        }

        assertThat(ground.ends(2, "verify", "shop.yaml", "--fail-on", "high").out())
                .contains("EXPIRY-EVENT");
        assertThat(ground.ends(2, "plan", "shop.yaml").out()).contains("~ expiry event ");
        applied();
        ground.database.execute("SET GLOBAL event_scheduler = OFF");
        assertThat(ground.ends(2, "verify", "shop.yaml", "--fail-on", "high").out())
                .contains("the server's event scheduler is off: nothing ends leases but reap");
    }

    /// It belongs to whoever altered it last.
    @Test
    void oneThatASuperuserHasAlteredIsForASuperuserToDrop() throws SQLException {
        applied();
        ground.database.execute("ALTER EVENT agentroles.end_leases COMMENT 'mine'");

        var said = ground.ends(1, "apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(said.out() + said.err())
                .contains("event agentroles.end_leases is root@")
                .contains("DROP EVENT IF EXISTS agentroles.end_leases");
        ground.database.execute("DROP EVENT IF EXISTS agentroles.end_leases");
        applied();
        assertThat(event()).isEqualTo("ENABLED");
    }

    @Test
    void whereTheSchedulerIsOffTheProfileIsRefusedWithItsLine() throws SQLException {
        ground.database.execute("SET GLOBAL event_scheduler = OFF");

        var said = ground.ends(1, "plan", "shop.yaml");

        assertThat(said.out() + said.err())
                .containsPattern("shop.yaml:\\d+:\\d+: expiry_event: true, and the server's event scheduler is off");
    }
}
