package dev.agentroles.credential.vault;

import dev.agentroles.credential.LeaseSecret;
import io.github.jopenlibs.vault.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// How Vault keeps the newest version at a path, as it tells in each answer about it. A version written later is
/// kept as long, unless somebody writes the metadata of the path in between.
///
/// @param version 0 if there is none
/// @param kept how long, by Vault's clock; empty if for ever
/// @param stable what is known about all versions: custom metadata
record Retention(long version, Optional<Duration> kept, SortedMap<String, String> stable) {
    Retention {
        stable = Collections.unmodifiableSortedMap(stable);
    }

    /// @param metadata of a version
    static Retention of(JsonObject metadata) {
        var custom = Answer.child(metadata, "custom_metadata");
        var stable = new TreeMap<String, String>();
        custom.names().forEach(name -> Answer.text(custom, name).ifPresent(value -> stable.put(name, value)));
        return new Retention(
                Answer.number(metadata, "version").orElse(0L),
                instant(metadata, "deletion_time")
                        .flatMap(until -> instant(metadata, "created_time").map(from -> Duration.between(from, until))),
                stable);
    }

    /// What is the same for all leases of an agent.
    static SortedMap<String, String> stable(LeaseSecret secret) {
        var stable = new TreeMap<>(Map.of(
                "managed_by", "agentroles",
                "environment", secret.environment(),
                "database", secret.database(),
                "agent", secret.agent(),
                "owner", secret.owner()));
        stable.values().removeIf(String::isEmpty);
        return stable;
    }

    /// Whether a lease may be written next without telling Vault anything before: half as many writes for a
    /// rotation.
    ///
    /// @param expected the version that it replaces
    /// @param life of its login
    boolean suits(LeaseSecret secret, long expected, Duration life) {
        return version == expected
                && stable.equals(stable(secret))
                && isAlmost(life.minus(reserve(life).dividedBy(2)));
    }

    /// Whether a login is kept for most of its life, and never longer.
    boolean isAlmost(Duration life) {
        var least = life.minus(reserve(life).multipliedBy(2));
        return kept.filter(time -> time.compareTo(life) <= 0 && time.compareTo(least) >= 0)
                .isPresent();
    }

    /// Vault forgets a login a little before it ends: this covers the time until the data is written.
    static Duration reserve(Duration left) {
        var share = left.dividedBy(20);
        var longest = Duration.ofSeconds(30);
        var shortest = Duration.ofSeconds(2);
        return share.compareTo(longest) > 0 ? longest : share.compareTo(shortest) < 0 ? shortest : share;
    }

    private static Optional<Instant> instant(JsonObject fields, String name) {
        try {
            return Answer.text(fields, name).map(Instant::parse);
        } catch (DateTimeParseException noTime) {
            return Optional.empty();
        }
    }
}
