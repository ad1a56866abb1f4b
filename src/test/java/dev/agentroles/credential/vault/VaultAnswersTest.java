package dev.agentroles.credential.vault;

import static dev.agentroles.credential.Publications.lease;
import static dev.agentroles.credential.Publications.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.agentroles.access.Secret;
import dev.agentroles.credential.SecretStore.Publication.Published;
import dev.agentroles.credential.SecretStore.Publication.Superseded;
import dev.agentroles.credential.StorePath;
import dev.agentroles.harness.LossyProxy;
import dev.agentroles.harness.LossyProxy.Fault;
import dev.agentroles.harness.OpenBao;
import dev.agentroles.problem.Failure;
import io.github.jopenlibs.vault.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that are lost, late or cut, by a proxy in front of a real OpenBao; and other writers between two
/// calls of ours.
final class VaultAnswersTest {
    private static final StorePath PATH = new StorePath("agents/production/shop/bot");

    private final OpenBao server = OpenBao.shared();
    private final LossyProxy proxy = new LossyProxy(server.address());
    private final String mount = server.newMount(2);
    private VaultStore store;

    @BeforeEach
    void open() {
        var settings = Vaults.settings(server, mount, server.rootToken());
        store = new VaultStore(
                new VaultSettings(
                        proxy.address(),
                        settings.namespace(),
                        settings.caFile(),
                        settings.login(),
                        mount,
                        Duration.ofSeconds(2)),
                InstantSource.system());
    }

    @AfterEach
    void close() throws Exception {
        store.close();
        proxy.close();
    }

    @Test
    void aPublicationWhoseAnswerWasLostIsRecognised() {
        proxy.next("/data/", Fault.LOST);

        assertThat(publish(store, PATH, lease("1"), 0)).isEqualTo(new Published(1));
        assertThat(store.read(PATH).version()).isEqualTo(1);
    }

    @Test
    void aPublicationWhoseAnswerNeverCameIsRecognised() {
        proxy.next("/data/", Fault.STALLED);

        assertThat(publish(store, PATH, lease("1"), 0)).isEqualTo(new Published(1));
    }

    @Test
    void aPublicationWhoseAnswerWasCutIsRecognised() {
        proxy.next("/data/", Fault.CUT);

        assertThat(publish(store, PATH, lease("1"), 0)).isEqualTo(new Published(1));
    }

    @Test
    void aReadThatNeverEndsIsBounded() {
        proxy.next("/data/", Fault.CUT);
        var start = System.nanoTime();

        assertThatThrownBy(() -> store.read(PATH))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "cannot read agents/production/shop/bot: Vault at %s gave no answer within 2 s; check that it"
                                + " runs and that no firewall is between",
                        proxy.address());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void whoWroteBetweenTwoCallsOfOursWins() {
        publish(store, PATH, lease("1"), 0);
        proxy.next("/data/", Fault.NONE, () -> {
            try (var other =
                    new VaultStore(Vaults.settings(server, mount, server.rootToken()), InstantSource.system())) {
                publish(other, PATH, lease("other"), 1);
            }
        });

        assertThat(publish(store, PATH, lease("2"), 1)).isEqualTo(new Superseded(2));
        assertThat(store.read(PATH).held().orElseThrow().secret().lease()).isEqualTo("other");
    }

    @Test
    void aLoginThatVaultWouldKeepTooLongIsTakenBack() {
        proxy.next(
                "/data/",
                Fault.NONE,
                () -> server.call("POST", mount + "/metadata/" + PATH, "{\"delete_version_after\":\"24h\"}"));

        assertThatThrownBy(() -> publish(store, PATH, lease("1"), 0))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("the lease 1 was taken back from agents/production/shop/bot: Vault would have"
                        + " kept it for PT24H, longer than the login lives (PT59M");
        assertThat(store.read(PATH).held()).isEmpty();
    }

    @Test
    void aLoginThatVaultWouldNeverForgetIsTakenBack() {
        proxy.next(
                "/data/",
                Fault.NONE,
                () -> server.call("POST", mount + "/metadata/" + PATH, "{\"delete_version_after\":\"0s\"}"));

        assertThatThrownBy(() -> publish(store, PATH, lease("1"), 0))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("the lease 1 was taken back from agents/production/shop/bot: Vault would have"
                        + " kept it for ever, longer than the login lives (PT59M");
        assertThat(store.read(PATH).held()).isEmpty();
    }

    @Test
    void vaultIsToldOnceHowLongItKeepsTheLoginsOfAnAgent() {
        publish(store, PATH, lease("1"), 0);
        store.read(PATH);
        var told = new AtomicBoolean();
        proxy.next("/metadata/", Fault.NONE, () -> told.set(true));

        assertThat(publish(store, PATH, lease("2"), 1)).isEqualTo(new Published(2));
        assertThat(told).isFalse();
        assertThat(kept(2)).isBetween(Duration.ofMinutes(58), Duration.ofHours(1));

        store.read(PATH);
        publish(store, PATH, lease("3", Duration.ofMinutes(10)), 2);
        assertThat(told).isTrue();
        assertThat(kept(3)).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"24h", "0s", "5s"})
    void whatSomebodyElseToldVaultSinceItWasReadIsPutRight(String theirs) {
        publish(store, PATH, lease("1"), 0);
        store.read(PATH);
        proxy.next(
                "/data/",
                Fault.NONE,
                () -> server.call(
                        "POST", mount + "/metadata/" + PATH, "{\"delete_version_after\":\"" + theirs + "\"}"));

        assertThat(publish(store, PATH, lease("2"), 1)).isEqualTo(new Published(3));
        assertThat(version(2).getBoolean("destroyed")).isTrue();
        assertThat(kept(3)).isBetween(Duration.ofMinutes(58), Duration.ofHours(1));
        assertThat(store.read(PATH).held().orElseThrow().secret().lease()).isEqualTo("2");
    }

    private Duration kept(long version) {
        var times = version(version);
        return Duration.between(
                Instant.parse(times.getString("created_time")), Instant.parse(times.getString("deletion_time")));
    }

    private JsonObject version(long version) {
        return server.call("GET", mount + "/metadata/" + PATH, "")
                .get("data")
                .asObject()
                .get("versions")
                .asObject()
                .get(Long.toString(version))
                .asObject();
    }

    @Test
    void vaultForgetsALoginBeforeItEnds() {
        var lease = lease("1", Duration.ofMinutes(10));

        publish(store, PATH, lease, 0);

        var deletion = Instant.parse(version(1).getString("deletion_time"));
        assertThat(deletion).isBetween(lease.expiresAt().minusSeconds(40), lease.expiresAt());
    }

    @Test
    void theMetadataSaysWhatIsStable() {
        publish(store, PATH, lease("1"), 0);

        var metadata =
                server.call("GET", mount + "/metadata/" + PATH, "").get("data").asObject();
        assertThat(metadata.get("custom_metadata").toString())
                .isEqualTo("{\"agent\":\"bot\",\"database\":\"shop\",\"environment\":\"production\","
                        + "\"managed_by\":\"agentroles\",\"owner\":\"owner\"}");
        assertThat(metadata.getBoolean("cas_required")).isTrue();
    }

    @Test
    void whatSomebodyElseWroteIsNoLeaseAndItsVersionCounts() {
        server.call("POST", mount + "/data/" + PATH, "{\"data\":{\"password\":\"hunter2\",\"port\":5432}}");

        assertThat(store.read(PATH).version()).isEqualTo(1);
        assertThat(store.read(PATH).held()).isEmpty();
        assertThat(store.field(PATH, "port")).contains(Secret.of("5432"));
    }

    /// As an agent that may write its own secret can make it, where the server sets no limit (OpenBao 2.7 does).
    @Test
    void aSecretThatIsNestedThousandsDeepIsNoneOfOurs() throws Exception {
        var nested = "{\"data\": {\"data\": " + "{\"a\": ".repeat(9_000) + "1" + "}".repeat(9_000) + "}}";
        var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", exchange -> {
            boolean secret = exchange.getRequestURI().getPath().contains("/data/");
            var body = (secret ? nested : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(secret ? 200 : 403, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        http.start();
        var settings = Vaults.settings(server, mount, server.rootToken());
        var address = URI.create("http://127.0.0.1:" + http.getAddress().getPort());
        try (var deep = new VaultStore(
                new VaultSettings(
                        address,
                        settings.namespace(),
                        settings.caFile(),
                        settings.login(),
                        mount,
                        Duration.ofSeconds(5)),
                InstantSource.system())) {
            assertThatThrownBy(() -> deep.read(PATH))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("is not that of a KV version 2 secrets engine");
        } finally {
            http.stop(0);
        }
    }
}
