package dev.agentroles.harness;

import dev.agentroles.access.Secret;
import java.net.URI;
import java.util.Optional;
import org.testcontainers.vault.VaultContainer;

/// Vault in a container. Apart from the other sources, so that Testcontainers is loaded only where Docker
/// is.
final class OpenBaoContainer {
    private static final String IMAGE = "hashicorp/vault:1.20";
    private static final String ROOT = "root";

    private OpenBaoContainer() {}

    // Testcontainers ends the container with the JVM.
    @SuppressWarnings({"resource", "MustBeClosedChecker"})
    static OpenBao start() {
        var container = new VaultContainer<>(IMAGE).withVaultToken(ROOT);
        container.start();
        return new OpenBao(
                "container " + IMAGE,
                URI.create(container.getHttpHostAddress()),
                Secret.of(ROOT),
                Optional.empty(),
                container::stop);
    }
}
