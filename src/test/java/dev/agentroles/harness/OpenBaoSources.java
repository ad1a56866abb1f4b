package dev.agentroles.harness;

import dev.agentroles.access.Secret;
import java.net.URI;
import java.util.Optional;

/// Where the shared OpenBao comes from.
final class OpenBaoSources {
    private OpenBaoSources() {}

    static OpenBao start() {
        return named().or(OpenBaoSources::container).orElseGet(() -> OpenBaoServer.dev());
    }

    private static Optional<OpenBao> named() {
        return variable("AGENTROLES_TEST_VAULT_ADDR").map(address -> {
            var token = variable("AGENTROLES_TEST_VAULT_TOKEN")
                    .orElseThrow(() -> new IllegalStateException(
                            "AGENTROLES_TEST_VAULT_ADDR is set and AGENTROLES_TEST_VAULT_TOKEN is not"));
            return new OpenBao(address, URI.create(address), Secret.of(token), Optional.empty(), () -> {});
        });
    }

    private static Optional<OpenBao> container() {
        return Docker.answers() ? Optional.of(OpenBaoContainer.start()) : Optional.empty();
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}
