package dev.agentroles.credential;

import java.time.Duration;

/// Publishes a lease that was issued just now.
public final class Publications {
    private Publications() {}

    public static SecretStore.Publication publish(
            SecretStore store, StorePath path, LeaseSecret secret, long expected) {
        return store.publish(path, secret, expected, Duration.between(secret.issuedAt(), secret.expiresAt()));
    }
}
