package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that lets nobody in, as agents have taken every connection: when a stop is needed most.
final class FullServerTest {
    /// What PostgreSQL answers then (manual, 54.7: ErrorResponse), its length in front.
    private static final byte[] STARTING = "E\0\0\0\73SFATAL\0VFATAL\0C57P03\0Mthe database system is starting\0\0"
            .getBytes(StandardCharsets.US_ASCII);

    @AutoClose
    private final Ground shop;

    private final String administrator;

    FullServerTest(@TempDir Path folder) throws Exception {
        shop = Ground.onFile(folder);
        shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
        administrator = shop.operator.administrator().username();
    }

    @Test
    void aStopGetsInAsSoonAsAConnectionIsFree() throws Exception {
        var session = shop.database.connect(shop.operator.administrator());
        shop.database.execute("ALTER ROLE %s CONNECTION LIMIT 1".formatted(administrator));

        var stop = CompletableFuture.supplyAsync(
                () -> shop.operator.run("revoke", "shop.yaml", "--agent", Ground.AGENT, "--reason", "too many"));
        // A run that does not ask again has failed long before.
        shop.database.query("SELECT pg_sleep(2)");
        assertThat(stop).isNotDone();
        session.close();

        assertThat(stop.get().code()).as(stop.get().err()).isZero();
        assertThat(stop.get().err())
                .containsOnlyOnce(
                        "database " + shop.database.name() + " lets nobody in yet; asking again for up to 30s: ");
        assertThat(shop.published(Ground.AGENT)).isEmpty();
    }

    @Test
    void aStopThatGivesUpSaysHowConnectionsAreFreed() throws SQLException {
        shop.database.execute("ALTER DATABASE %s CONNECTION LIMIT 0".formatted(shop.database.name()));

        var said = shop.ends(1, "freeze", "shop.yaml", "--reason", "too many", "--timeout", "1");

        assertThat(said.err())
                .contains("has no connection left: ")
                .contains("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(usename, 'ar_"
                        + shop.database.name() + "_');")
                .contains("GRANT pg_use_reserved_connections TO \"" + administrator + "\"");
    }

    /// As after a crash: it recovers, and nobody knows for how long.
    @Test
    void aStopAsksAServerThatStartsAgain() throws Exception {
        var asked = new AtomicInteger();
        try (var starting = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!starting.isClosed()) {
                    try (var guest = starting.accept()) {
                        asked.incrementAndGet();
                        guest.getInputStream().read(new byte[1024]);
                        guest.getOutputStream().write(STARTING);
                    } catch (IOException over) {
                        return;
                    }
                }
            });
            shop.operator.set(
                    "DB_URL", "jdbc:postgresql://127.0.0.1:" + starting.getLocalPort() + "/x?sslmode=disable");

            var said = shop.ends(1, "freeze", "shop.yaml", "--reason", "leak", "--timeout", "1");

            assertThat(asked).hasValueGreaterThan(2);
            assertThat(said.err())
                    .containsOnlyOnce(" lets nobody in yet; asking again for up to 1s: ")
                    .contains(" is starting up or shutting down; run again in a moment\n")
                    .endsWith("agentroles: agents may still be at work on " + shop.database.name()
                            + "; run it again until it says that they are stopped\n");
        }
    }

    @Test
    void anAccountThatHasAsManySessionsAsItMayIsTold() throws SQLException {
        try (var session = shop.database.connect(shop.operator.administrator())) {
            shop.database.execute("ALTER ROLE %s CONNECTION LIMIT 1".formatted(administrator));
            assertThat(session.isValid(5)).isTrue();

            assertThat(shop.ends(1, "status", "shop.yaml").err())
                    .contains("run again when other sessions of this account have ended, or ALTER ROLE \""
                            + administrator + "\" CONNECTION LIMIT -1");
        }
    }
}
