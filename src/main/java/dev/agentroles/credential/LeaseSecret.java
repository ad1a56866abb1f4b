package dev.agentroles.credential;

import dev.agentroles.access.Secret;
import dev.agentroles.engine.LeaseLogin;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// What a store holds for one agent and database: all that an agent needs to log in, and all that belongs
/// to this lease.
///
/// @param url JDBC URL without credentials
/// @param server identity of the server that made the login; empty where nobody noted it
/// @param digest of the grants the agent had at issue
public record LeaseSecret(
        String lease,
        String environment,
        String database,
        String agent,
        String tier,
        String owner,
        String url,
        String server,
        String username,
        Secret password,
        Instant issuedAt,
        Instant expiresAt,
        String digest) {
    /// Writes the lease as the fields of a secret, in clear text and in this order. Agents read them by
    /// these names, so the names stay.
    public void writeTo(BiConsumer<String, String> wire) {
        wire.accept("lease_id", lease);
        wire.accept("environment", environment);
        wire.accept("database", database);
        wire.accept("agent", agent);
        wire.accept("tier", tier);
        wire.accept("owner", owner);
        wire.accept("url", url);
        wire.accept("server", server);
        wire.accept("username", username);
        password.reveal(clear -> {
            wire.accept("password", clear);
            return clear;
        });
        wire.accept("issued_at", issuedAt.toString());
        wire.accept("expires_at", expiresAt.toString());
        wire.accept("digest", digest);
    }

    /// Whether it leads to that login.
    boolean isOf(LeaseLogin login) {
        return lease.equals(login.lease())
                && agent.equals(login.agent())
                && username.equals(login.login().value());
    }

    /// The lease that was written so; empty where the fields are not those of a lease.
    public static Optional<LeaseSecret> readFrom(Function<String, Optional<String>> fields) {
        try {
            return Optional.of(new LeaseSecret(
                    fields.apply("lease_id").orElseThrow(),
                    fields.apply("environment").orElseThrow(),
                    fields.apply("database").orElseThrow(),
                    fields.apply("agent").orElseThrow(),
                    fields.apply("tier").orElseThrow(),
                    fields.apply("owner").orElseThrow(),
                    fields.apply("url").orElseThrow(),
                    fields.apply("server").orElse(""),
                    fields.apply("username").orElseThrow(),
                    Secret.of(fields.apply("password").orElseThrow()),
                    Instant.parse(fields.apply("issued_at").orElseThrow()),
                    Instant.parse(fields.apply("expires_at").orElseThrow()),
                    fields.apply("digest").orElseThrow()));
        } catch (NoSuchElementException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
