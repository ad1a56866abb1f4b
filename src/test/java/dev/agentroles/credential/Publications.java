package dev.agentroles.credential;

import dev.agentroles.access.Secret;
import java.time.Duration;
import java.time.Instant;

/// Leases that were issued just now, and their publication.
public final class Publications {
    private Publications() {}

    /// A lease of an hour.
    public static LeaseSecret lease(String id) {
        return lease(id, Duration.ofHours(1));
    }

    /// A lease of agent `bot`, whose password is `hunter2`.
    public static LeaseSecret lease(String id, Duration life) {
        var now = Instant.now();
        return new LeaseSecret(
                id,
                "production",
                "shop",
                "bot",
                "explore",
                "owner",
                "jdbc:postgresql://localhost/shop",
                "7438291048211110253",
                "ar_shop_bot_" + id,
                Secret.of("hunter2"),
                now,
                now.plus(life),
                "digest");
    }

    public static SecretStore.Publication publish(
            SecretStore store, StorePath path, LeaseSecret secret, long expected) {
        return store.publish(path, secret, expected, Duration.between(secret.issuedAt(), secret.expiresAt()));
    }
}
