package dev.agentroles.credential.vault;

import dev.agentroles.access.Secret;
import dev.agentroles.credential.LeaseSecret;
import io.github.jopenlibs.vault.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;

/// A lease as the fields of a secret: what agents read, so the names stay. All of it is in the data and
/// none in the metadata, which belongs to all versions.
final class LeaseFields {
    private LeaseFields() {}

    static JsonObject of(LeaseSecret secret) {
        var fields = new JsonObject()
                .add("lease_id", secret.lease())
                .add("environment", secret.environment())
                .add("database", secret.database())
                .add("agent", secret.agent())
                .add("tier", secret.tier())
                .add("owner", secret.owner())
                .add("url", secret.url())
                .add("username", secret.username());
        secret.password().reveal(password -> fields.add("password", password));
        return fields.add("issued_at", secret.issuedAt().toString())
                .add("expires_at", secret.expiresAt().toString())
                .add("digest", secret.digest());
    }

    /// Empty where the fields are not those of a lease: somebody else wrote them.
    static Optional<LeaseSecret> lease(JsonObject fields) {
        try {
            return Optional.of(new LeaseSecret(
                    field(fields, "lease_id"),
                    field(fields, "environment"),
                    field(fields, "database"),
                    field(fields, "agent"),
                    field(fields, "tier"),
                    field(fields, "owner"),
                    field(fields, "url"),
                    field(fields, "username"),
                    Secret.of(field(fields, "password")),
                    Instant.parse(field(fields, "issued_at")),
                    Instant.parse(field(fields, "expires_at")),
                    field(fields, "digest")));
        } catch (NoSuchElementException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String field(JsonObject fields, String name) {
        return Answer.text(fields, name).orElseThrow();
    }
}
