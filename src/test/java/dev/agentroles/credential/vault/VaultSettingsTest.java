package dev.agentroles.credential.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.access.Secret;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Position;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VaultSettingsTest {
    @TempDir
    Path home;

    private VaultSettings settings(Map<String, String> environment) {
        var variables = new HashMap<>(Map.of("HOME", home.toString(), "VAULT_ADDR", "https://vault.example.com"));
        variables.putAll(environment);
        return new VaultEnvironment(name -> Optional.ofNullable(variables.get(name)), home)
                .complete(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "secret");
    }

    private static Secret token(VaultSettings settings) {
        return ((VaultSettings.Login.Token) settings.login()).token();
    }

    @Test
    void openBaosVariablesGoBeforeVaults() {
        var settings = settings(Map.of(
                "BAO_ADDR", "https://bao.example.com:8200/",
                "VAULT_ADDR", "https://vault.example.com:8200",
                "BAO_TOKEN", "s.bao",
                "VAULT_TOKEN", "hvs.vault",
                "VAULT_NAMESPACE", "team1",
                "VAULT_CACERT", "/etc/ca.pem"));

        assertThat(settings.address()).isEqualTo(URI.create("https://bao.example.com:8200"));
        assertThat(token(settings)).isEqualTo(Secret.of("s.bao"));
        assertThat(settings.namespace()).contains("team1");
        assertThat(settings.caFile()).contains(Path.of("/etc/ca.pem"));
    }

    @Test
    void noSecretGoesOverTheNetworkInClearText() {
        assertThatThrownBy(() -> settings(Map.of("BAO_ADDR", "http://vault.example.com:8200", "BAO_TOKEN", "s.bao")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("in clear text: http://vault.example.com:8200; write it with https://");
        for (var host : new String[] {"localhost", "127.0.0.1", "127.8.8.8", "[::1]"}) {
            assertThat(settings(Map.of("BAO_ADDR", "http://" + host + ":8200", "BAO_TOKEN", "s.bao"))
                            .address())
                    .hasScheme("http");
        }
    }

    @Test
    void anEmptyVariableCountsAsNotSet() {
        var settings = settings(Map.of("BAO_ADDR", "", "BAO_TOKEN", " ", "VAULT_TOKEN", "hvs.vault\n"));

        assertThat(settings.address()).isEqualTo(URI.create("https://vault.example.com"));
        assertThat(token(settings)).isEqualTo(Secret.of("hvs.vault"));
    }

    @Test
    void theProfileGoesBeforeTheEnvironment() {
        var environment = new VaultEnvironment(name -> Optional.of("https://elsewhere.example.com"), home);

        assertThatThrownBy(() -> environment.complete(
                        Optional.of(ofProfile("vault.example.com")),
                        Optional.of("n"),
                        Optional.empty(),
                        Optional.empty(),
                        "secret"))
                .hasMessage("shop.yaml:3:12: the Vault address is no URL of a server: vault.example.com; write it as"
                        + " https://vault.example.com:8200");
    }

    private static VaultEnvironment.Address ofProfile(String address) {
        return VaultEnvironment.Address.of(new Position("shop.yaml", 3, 12), address);
    }

    @Test
    void anAddressThatIsNoneIsToldWithWhereItStands() {
        assertThatThrownBy(() -> settings(Map.of("BAO_ADDR", "https://hunter2 @vault", "BAO_TOKEN", "s.bao")))
                .hasMessage("the Vault address in BAO_ADDR is no URL; write it as https://vault.example.com:8200");
        assertThatThrownBy(() -> settings(Map.of("VAULT_ADDR", "vault:8200", "BAO_TOKEN", "s.bao")))
                .hasMessageStartingWith("the Vault address in VAULT_ADDR is no URL of a server: vault:8200; ");
    }

    @Test
    void theTokenOfTheLastLoginIsTakenFromItsFile() throws Exception {
        Files.writeString(home.resolve(".vault-token"), "s.file\n");
        var elsewhere = Files.writeString(home.resolve("elsewhere"), "s.elsewhere");

        assertThat(token(settings(Map.of()))).isEqualTo(Secret.of("s.file"));
        assertThat(token(settings(Map.of("BAO_TOKEN_PATH", elsewhere.toString()))))
                .isEqualTo(Secret.of("s.elsewhere"));
    }

    @Test
    void noAddressAtAllIsToldSo() {
        assertThatThrownBy(() -> settings(Map.of("VAULT_ADDR", "", "VAULT_TOKEN", "hvs.vault")))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "there is no address of a Vault; set vault.address in the profile, or BAO_ADDR or VAULT_ADDR"
                                + " in the environment");
    }

    @Test
    void noTokenAtAllIsToldSo() {
        assertThatThrownBy(() -> settings(Map.of()))
                .isInstanceOf(Failure.class)
                .hasMessage("there is no token for Vault; set BAO_TOKEN or VAULT_TOKEN, run bao login, or use auth:"
                        + " {method: approle, ...} in the profile");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "TRUE", "t"})
    void skippingVerificationIsRefused(String value) {
        assertThatThrownBy(() -> settings(Map.of("VAULT_SKIP_VERIFY", value, "VAULT_TOKEN", "hvs.vault")))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exit()).isEqualTo(Exit.REFUSED))
                .hasMessage(
                        "VAULT_SKIP_VERIFY is set, and agentroles hands no secret to a server that it cannot verify;"
                                + " unset VAULT_SKIP_VERIFY and name the server's CA in BAO_CACERT or VAULT_CACERT");
    }

    @Test
    void notSkippingVerificationIsFine() {
        assertThat(token(settings(Map.of("VAULT_SKIP_VERIFY", "false", "VAULT_TOKEN", "hvs.vault"))))
                .isEqualTo(Secret.of("hvs.vault"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2\nx", "hunter2 x", "hunter2ü", "hunter2\u0000"})
    void aTokenThatNoHeaderCanCarryIsRefusedWithoutBeingShown(String token) {
        assertThatThrownBy(() -> new VaultSettings.Login.Token(Secret.of(token)))
                .isInstanceOf(Failure.class)
                .hasMessage(
                        "the Vault token holds a space, a line break or a letter outside ASCII; check what it is read"
                                + " from: a token is one word");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:hunter2@vault.example.com:8200",
                "https://vault.example.com:8200?token=hunter2",
                "https://vault.example.com:8200#hunter2"
            })
    void anAddressWithMoreThanAnAddressIsRefusedWithoutTheRest(String address) {
        assertThatThrownBy(() -> settings(Map.of("BAO_ADDR", address, "BAO_TOKEN", "s.bao")))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("the Vault address in BAO_ADDR holds more than scheme, host, port and path:"
                        + " https://vault.example.com:8200; ")
                .message()
                .doesNotContain("hunter2");
    }

    @Test
    void nothingIsOpenedBeforeTheFirstCall() {
        var settings = settings(Map.of("VAULT_TOKEN", "hvs.vault", "VAULT_CACERT", "absent.pem"));

        try (var store = new VaultStore(settings, InstantSource.system())) {
            assertThat(store.describe()).isEqualTo("Vault at https://vault.example.com, mount secret");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/secret", "secret/", "a//b", "a?b", "a#b", "a%2fb", "..", "a b"})
    void aMountThatIsNoPathIsRefused(String mount) {
        assertThatThrownBy(() -> new VaultEnvironment(name -> Optional.empty(), home)
                        .complete(
                                Optional.of(ofProfile("https://vault.example.com")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(new VaultSettings.Login.Token(Secret.of("s.bao"))),
                                mount))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("the Vault mount \"" + mount + "\" is no path");
    }
}
