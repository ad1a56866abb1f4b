package dev.agentroles.credential.vault;

import static dev.agentroles.credential.Publications.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.util.Throwables.getStackTrace;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentroles.access.Secret;
import dev.agentroles.credential.LeaseSecret;
import dev.agentroles.credential.Publications;
import dev.agentroles.credential.SecretStore.Publication.Published;
import dev.agentroles.credential.StorePath;
import dev.agentroles.harness.OpenBao;
import dev.agentroles.harness.OpenBaoServer;
import dev.agentroles.problem.Failure;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Vault refuses, and what does not reach it: each in words that say whose fault it is and what to do.
final class VaultRefusalsTest {
    private static final StorePath PATH = new StorePath("agents/production/shop/bot");
    private static final StorePath FOLDER = new StorePath("agents/production");

    private final OpenBao server = OpenBao.shared();

    @TempDir
    Path folder;

    private static LeaseSecret lease() {
        return Publications.lease("1abc");
    }

    private static VaultStore store(VaultSettings settings) {
        return new VaultStore(settings, InstantSource.system());
    }

    private static void assertPublishingFails(VaultSettings settings, String message) {
        try (var store = store(settings)) {
            assertThatThrownBy(() -> publish(store, PATH, lease(), 0))
                    .isInstanceOf(Failure.class)
                    .hasMessage(message)
                    .satisfies(failure -> assertThat(getStackTrace(failure)).doesNotContain("hunter2"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "data, update",
        "data, read",
        "metadata, create",
        "metadata, update",
        "metadata, list",
        "metadata, delete",
        "destroy, update"
    })
    void withoutAnyOfItsCapabilitiesTheToolCannotDoItsWork(String part, String capability) {
        var mount = server.newMount(2);
        var policy = new VaultPolicies(mount)
                .ofTool(FOLDER, List.of())
                .lines()
                .map(line ->
                        line.contains("/" + part + "/") ? line.replace("\"" + capability + "\"", "\"sudo\"") : line)
                .collect(Collectors.joining("\n"));

        try (var store = store(Vaults.settings(server, mount, server.tokenWith(policy)))) {
            assertThatThrownBy(() -> {
                        publish(store, PATH, lease(), 0);
                        store.read(PATH);
                        publish(store, PATH, Publications.lease("2abc", Duration.ofMinutes(10)), 1);
                        store.list(FOLDER);
                        store.erase(PATH, 2);
                        store.forget(PATH);
                    })
                    .isInstanceOf(Failure.class);
        }
    }

    @Test
    void aTokenThatIsUnknownIsToldApartFromOneThatMayNot() {
        var mount = server.newMount(2);

        assertPublishingFails(
                Vaults.settings(server, mount, Secret.of("s.unknown")),
                "cannot set the expiry of agents/production/shop/bot: Vault at " + server.address()
                        + " does not know the token: it is wrong, has expired or was revoked, or belongs to another"
                        + " namespace; log in again (bao login) or check BAO_TOKEN, VAULT_TOKEN and ~/.vault-token");
    }

    @Test
    void whatAPolicyLacksIsNamedWithTheLineToAdd() {
        var mount = server.newMount(2);
        var role = server.newAppRole(
                "path \"" + mount + "/metadata/agents/*\" { capabilities = [\"update\"] }", Duration.ofMinutes(5));
        var login = new VaultSettings.Login.AppRole(role.mount(), role.roleId(), role.secretId());

        try (var store = store(Vaults.as(login, Vaults.settings(server, mount, server.rootToken())))) {
            assertThatThrownBy(() -> publish(store, PATH, lease(), 0))
                    .isInstanceOf(Failure.class)
                    .message()
                    .matches("cannot set the expiry of agents/production/shop/bot: the token's policies"
                            + " \\(agentroles-policy-[0-9-]+, default\\) in Vault at " + server.address()
                            + " lack \"create\" on " + mount + "/metadata/agents/production/shop/bot;"
                            + " add to a policy of the token:\npath \"" + mount
                            + "/metadata/agents/production/shop/bot\" \\{ capabilities = \\[\"create\","
                            + " \"update\"\\] \\}");
        }
    }

    @Test
    void theToolsPolicyEndsAtItsEnvironment() {
        var mount = server.newMount(2);
        var token = server.tokenWith(new VaultPolicies(mount).ofTool(FOLDER, List.of()));

        try (var store = store(Vaults.settings(server, mount, token))) {
            for (var path : List.of("agents/production2/shop/bot", "agents/staging/shop/bot", "ops/shop")) {
                assertThatThrownBy(() -> publish(store, new StorePath(path), lease(), 0))
                        .isInstanceOf(Failure.class);
                assertThatThrownBy(() -> store.read(new StorePath(path))).isInstanceOf(Failure.class);
            }
        }
    }

    @Test
    void anAgentReadsItsOwnLeaseAndNothingElse() {
        var mount = server.newMount(2);
        var token = server.tokenWith(new VaultPolicies(mount).ofAgent("bot", List.of(PATH)));
        var other = new StorePath("agents/production/shop/other");
        try (var tool = store(Vaults.settings(server, mount, server.rootToken()))) {
            publish(tool, PATH, lease(), 0);
            publish(tool, other, lease(), 0);
        }

        try (var agent = store(Vaults.settings(server, mount, token))) {
            assertThat(agent.read(PATH).held()).isPresent();
            assertThatThrownBy(() -> agent.read(other)).isInstanceOf(Failure.class);
            assertThatThrownBy(() -> agent.list(FOLDER)).isInstanceOf(Failure.class);
            assertThatThrownBy(() -> agent.erase(PATH, 1)).isInstanceOf(Failure.class);
            assertThatThrownBy(() -> publish(agent, PATH, Publications.lease("2abc"), 1))
                    .isInstanceOf(Failure.class);
        }
    }

    @Test
    void aValueOfTheProfileIsReadWithTheToolsPolicy() {
        var mount = server.newMount(2);
        var value = new StorePath("ops/shop");
        server.call("POST", mount + "/data/ops/shop", "{\"data\":{\"password\":\"hunter2\"}}");
        var token = server.tokenWith(new VaultPolicies(mount).ofTool(FOLDER, List.of(value)));

        try (var store = store(Vaults.settings(server, mount, token))) {
            assertThat(store.field(value, "password")).contains(Secret.of("hunter2"));
        }
    }

    @Test
    void anAbsentMountIsNamed() {
        assertPublishingFails(
                Vaults.settings(server, "nowhere", server.rootToken()),
                "cannot set the expiry of agents/production/shop/bot: nothing is mounted at \"nowhere\" in Vault at "
                        + server.address() + "; mount one: bao secrets enable -path=nowhere kv-v2");
    }

    @Test
    void anEngineOfVersionOneIsRefusedBeforeAnythingIsWritten() {
        var mount = server.newMount(1);

        assertPublishingFails(
                Vaults.settings(server, mount, server.rootToken()),
                "the mount \"" + mount + "\" of Vault at " + server.address() + " is KV version 1, and leases need KV"
                        + " version 2 for check-and-set and expiry; name another mount, or make one: bao secrets enable"
                        + " -path=NAME kv-v2; an engine of version 1 is upgraded by bao kv enable-versioning " + mount);
        assertThatThrownBy(() -> server.call("GET", mount + "/metadata/" + PATH, ""))
                .hasMessageContaining("404");
    }

    @Test
    void aNamespaceIsUsedAndAnAbsentOneIsNamed() {
        assumeTrue(server.hasNamespaces());
        var namespace = server.newNamespace();
        var settings = Vaults.settings(server, "secret", server.rootToken());

        try (var store = store(in(namespace, settings))) {
            assertThat(publish(store, PATH, lease(), 0)).isEqualTo(new Published(1));
        }
        assertThat(server.call("GET", namespace + "/secret/data/" + PATH, "").toString())
                .contains("ar_shop_bot_1abc");
        assertPublishingFails(
                in("nowhere", settings),
                "cannot set the expiry of agents/production/shop/bot: there is no namespace \"nowhere\" in Vault at "
                        + server.address() + "; check vault.namespace in the profile, BAO_NAMESPACE and"
                        + " VAULT_NAMESPACE");
    }

    private static VaultSettings in(String namespace, VaultSettings settings) {
        return new VaultSettings(
                settings.address(),
                Optional.of(namespace),
                settings.caFile(),
                settings.login(),
                settings.mount(),
                settings.timeout());
    }

    @Test
    void anAppRoleLogsInAndLogsInAgainWhenItsTokenHasDied() {
        var mount = server.newMount(2);
        var role = server.newAppRole(new VaultPolicies(mount).ofTool(FOLDER, List.of()), Duration.ofMinutes(5));
        var login = new VaultSettings.Login.AppRole(role.mount(), role.roleId(), role.secretId());

        try (var store = store(Vaults.as(login, Vaults.settings(server, mount, server.rootToken())))) {
            assertThat(publish(store, PATH, lease(), 0)).isEqualTo(new Published(1));

            server.call("PUT", "sys/leases/revoke-prefix/auth/" + role.mount() + "/login", "{\"sync\":true}");

            assertThat(store.read(PATH).version()).isEqualTo(1);
        }
    }

    @Test
    void anAppRoleLeavesNoTokenBehind() {
        var mount = server.newMount(2);
        var role = server.newAppRole(new VaultPolicies(mount).ofTool(FOLDER, List.of()), Duration.ofMinutes(5));
        var login = new VaultSettings.Login.AppRole(role.mount(), role.roleId(), role.secretId());

        try (var store = store(Vaults.as(login, Vaults.settings(server, mount, server.rootToken())))) {
            store.read(PATH);
            assertThat(tokensOf(role)).isEqualTo(1);
        }

        assertThat(tokensOf(role)).isZero();
    }

    private long tokensOf(OpenBao.AppRole role) {
        try {
            return server.call("GET", "sys/leases/lookup/auth/" + role.mount() + "/login?list=true", "")
                    .get("data")
                    .asObject()
                    .get("keys")
                    .asArray()
                    .size();
        } catch (IllegalStateException absent) {
            return 0;
        }
    }

    @Test
    void aWrongSecretIdIsToldWithoutBeingShown() {
        var mount = server.newMount(2);
        var role = server.newAppRole(new VaultPolicies(mount).ofTool(FOLDER, List.of()), Duration.ofMinutes(5));
        var login = new VaultSettings.Login.AppRole(role.mount(), role.roleId(), Secret.of("hunter2"));

        assertPublishingFails(
                Vaults.as(login, Vaults.settings(server, mount, server.rootToken())),
                "cannot log in to Vault at " + server.address() + " with the AppRole at auth/" + role.mount()
                        + ": the role id or the secret id is wrong, used up or has expired; issue a new secret id:"
                        + " bao write -f auth/" + role.mount() + "/role/NAME/secret-id");
    }

    @Test
    void aSealedServerIsToldSoAlsoInTheMiddle() throws Exception {
        try (var own = OpenBaoServer.sealable(folder)) {
            var mount = own.newMount(2);
            var settings = Vaults.settings(own, mount, own.rootToken());
            try (var store = store(settings)) {
                publish(store, PATH, lease(), 0);
                own.seal();

                assertThatThrownBy(() -> store.read(PATH))
                        .isInstanceOf(Failure.class)
                        .hasMessage(
                                "cannot read agents/production/shop/bot: Vault at %s is sealed or not ready;"
                                        + " unseal it, run it again",
                                own.address());
            }
            assertPublishingFails(
                    settings,
                    "cannot set the expiry of agents/production/shop/bot: Vault at " + own.address()
                            + " is sealed or not ready; unseal it, run it again");
        }
    }

    @Test
    void nobodyAtTheAddressIsNamed() {
        var settings = Vaults.settings(server, "secret", server.rootToken());

        assertPublishingFails(
                Vaults.at(URI.create("http://127.0.0.1:1"), settings),
                "cannot set the expiry of agents/production/shop/bot: nothing answers at Vault's address"
                        + " http://127.0.0.1:1; start Vault, or check vault.address in the profile, BAO_ADDR and"
                        + " VAULT_ADDR");
        assertPublishingFails(
                Vaults.at(URI.create("https://vault.invalid:8200"), settings),
                "cannot set the expiry of agents/production/shop/bot: the host of Vault's address"
                        + " https://vault.invalid:8200 is not known; check vault.address in the profile, BAO_ADDR and"
                        + " VAULT_ADDR");
    }

    @Test
    void onlyAServerThatOurAuthoritiesVouchForGetsASecret() throws Exception {
        var foreign = Files.createDirectory(folder.resolve("foreign"));
        var ours = Files.createDirectory(folder.resolve("ours"));
        try (var other = OpenBaoServer.devWithTls(foreign);
                var own = OpenBaoServer.devWithTls(ours)) {
            var settings = Vaults.settings(own, "secret", own.rootToken());
            var bundle = folder.resolve("bundle.pem");
            Files.writeString(
                    bundle,
                    Files.readString(other.caFile().orElseThrow())
                            + Files.readString(own.caFile().orElseThrow()));

            assertPublishingFails(trusting(Optional.empty(), settings), untrusted(own, "those of the Java runtime"));
            assertPublishingFails(
                    trusting(other.caFile(), settings),
                    untrusted(own, "those in " + other.caFile().orElseThrow()));
            // The server's words may or may not arrive before it hangs up.
            try (var store = store(Vaults.at(withoutTls(own.address()), settings))) {
                assertThatThrownBy(() -> publish(store, PATH, lease(), 0))
                        .isInstanceOf(Failure.class)
                        .hasMessageContaining(withoutTls(own.address()).toString())
                        .hasMessageEndingWith("write its address with https://");
            }
            try (var store = store(trusting(Optional.of(bundle), settings))) {
                assertThat(publish(store, PATH, lease(), 0)).isEqualTo(new Published(1));
            }
        }
    }

    private static URI withoutTls(URI address) {
        return URI.create(address.toString().replace("https:", "http:"));
    }

    private static String untrusted(OpenBao own, String trusted) {
        return "cannot set the expiry of agents/production/shop/bot: the certificate of Vault at " + own.address()
                + " is not signed by an authority that is trusted here (" + trusted
                + "); name its CA: vault.ca_file in the"
                + " profile, BAO_CACERT or VAULT_CACERT";
    }

    private static VaultSettings trusting(Optional<Path> caFile, VaultSettings settings) {
        return new VaultSettings(
                settings.address(),
                settings.namespace(),
                caFile,
                settings.login(),
                settings.mount(),
                settings.timeout());
    }

    @Test
    void httpsToAServerWithoutTlsIsToldSo() {
        var settings = Vaults.settings(server, "secret", server.rootToken());
        var address = URI.create(server.address().toString().replace("http:", "https:"));

        assertPublishingFails(
                Vaults.at(address, settings),
                "cannot set the expiry of agents/production/shop/bot: " + address
                        + " does not speak TLS, or broke it off; write its"
                        + " address with http:// if it is meant to be without TLS");
    }

    @Test
    void aCaFileWithoutACertificateIsNamed() throws Exception {
        var empty = Files.writeString(folder.resolve("empty.pem"), "nothing in it\n");
        var settings = Vaults.settings(server, "secret", server.rootToken());

        assertPublishingFails(
                trusting(Optional.of(empty), settings),
                "the CA file for Vault holds no certificate in PEM form: " + empty
                        + "; name a file with \"-----BEGIN CERTIFICATE-----\" in it");
        assertPublishingFails(
                trusting(Optional.of(folder.resolve("absent.pem")), settings),
                "the CA file for Vault cannot be read: " + folder.resolve("absent.pem")
                        + "; name a file with \"-----BEGIN CERTIFICATE-----\" in it");
    }
}
