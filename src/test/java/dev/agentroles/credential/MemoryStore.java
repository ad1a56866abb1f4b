package dev.agentroles.credential;

import dev.agentroles.access.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A store in memory, with the versions of a real one: they count on over what is erased.
final class MemoryStore implements SecretStore {
    private record Entry(long version, Optional<LeaseSecret> secret) {}

    private final Map<StorePath, Entry> entries = new TreeMap<>();

    @Override
    public String describe() {
        return "a store in memory";
    }

    @Override
    public synchronized Current read(StorePath path) {
        var entry = entries.getOrDefault(path, new Entry(0, Optional.empty()));
        return new Current(entry.version(), entry.secret().map(Held::new));
    }

    @Override
    public synchronized Publication publish(StorePath path, LeaseSecret secret, long expected) {
        long version = read(path).version();
        if (version != expected) {
            return new Publication.Superseded(version);
        }
        entries.put(path, new Entry(version + 1, Optional.of(secret)));
        return new Publication.Published(version + 1);
    }

    @Override
    public synchronized void erase(StorePath path, long version) {
        var current = read(path);
        if (current.version() == version) {
            entries.put(path, new Entry(version, Optional.empty()));
        }
    }

    @Override
    public synchronized void forget(StorePath path) {
        entries.remove(path);
    }

    @Override
    public synchronized List<StorePath> list(String environment) {
        var paths = new ArrayList<StorePath>();
        entries.forEach((path, entry) -> {
            if (path.value().contains("/" + environment + "/")) {
                paths.add(path);
            }
        });
        return List.copyOf(paths);
    }

    @Override
    public Optional<Secret> field(String path, String field) {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
