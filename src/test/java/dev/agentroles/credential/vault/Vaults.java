package dev.agentroles.credential.vault;

import dev.agentroles.access.Secret;
import dev.agentroles.harness.OpenBao;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Settings for the servers of the harness.
final class Vaults {
    private Vaults() {}

    static VaultSettings settings(OpenBao server, String mount, Secret token) {
        return new VaultSettings(
                server.address(),
                Optional.empty(),
                server.caFile(),
                new VaultSettings.Login.Token(token),
                mount,
                Duration.ofSeconds(5));
    }

    static VaultSettings at(URI address, VaultSettings settings) {
        return new VaultSettings(
                address,
                settings.namespace(),
                settings.caFile(),
                settings.login(),
                settings.mount(),
                settings.timeout());
    }

    static VaultSettings as(VaultSettings.Login login, VaultSettings settings) {
        return new VaultSettings(
                settings.address(),
                settings.namespace(),
                settings.caFile(),
                login,
                settings.mount(),
                settings.timeout());
    }
}
