package dev.agentroles.credential;

import dev.agentroles.access.Secret;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// A store in memory. Keeps the contract of a real one: versions count on over what is erased or has expired.
final class MemoryStore implements SecretStore {
    private record Entry(long version, Optional<LeaseSecret> secret, Instant until) {}

    private final TreeMap<StorePath, Entry> entries = new TreeMap<>();
    private final InstantSource clock;

    MemoryStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String describe() {
        return "a store in memory";
    }

    @Override
    public synchronized Current read(StorePath path) {
        var entry = entries.getOrDefault(path, new Entry(0, Optional.empty(), Instant.MAX));
        return new Current(
                entry.version(),
                entry.secret()
                        .filter(_ -> clock.instant().isBefore(entry.until()))
                        .map(Held::new));
    }

    @Override
    public synchronized Publication publish(StorePath path, LeaseSecret secret, long expected, Duration life) {
        if (!life.isPositive()) {
            throw Failure.error(Problem.of("lease " + secret.lease() + " ends too soon to be of use"));
        }
        var current = read(path);
        if (current.held()
                .filter(held -> held.secret().lease().equals(secret.lease()))
                .isPresent()) {
            return new Publication.Published(current.version());
        }
        if (current.version() != expected) {
            return new Publication.Superseded(current.version());
        }
        entries.put(
                path,
                new Entry(expected + 1, Optional.of(secret), clock.instant().plus(life)));
        return new Publication.Published(expected + 1);
    }

    @Override
    public synchronized void erase(StorePath path, long version) {
        entries.computeIfPresent(
                path,
                (key, entry) ->
                        entry.version() == version ? new Entry(version, Optional.empty(), entry.until()) : entry);
    }

    @Override
    public synchronized void forget(StorePath path) {
        entries.remove(path);
    }

    @Override
    public synchronized List<StorePath> list(StorePath folder) {
        return entries.keySet().stream()
                .filter(path -> path.value().startsWith(folder.value() + "/"))
                .toList();
    }

    @Override
    public synchronized Optional<Secret> field(StorePath path, String field) {
        return read(path).held().map(Held::secret).flatMap(secret -> switch (field) {
            case "username" -> Optional.of(Secret.of(secret.username()));
            case "password" -> Optional.of(secret.password());
            default -> Optional.empty();
        });
    }

    @Override
    public void close() {}
}
