package dev.agentroles.credential;

import java.time.Instant;

/// The tests' own store keeps what every store keeps.
final class MemoryStoreTest implements SecretStoreContract {
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final MemoryStore store = new MemoryStore(() -> now);

    @Override
    public SecretStore store() {
        return store;
    }

    @Override
    public SecretStore another() {
        return store;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void awaitEnd(StorePath path, LeaseSecret secret) {
        now = secret.expiresAt();
    }
}
