package dev.agentroles.credential;

import dev.agentroles.access.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A store to whose publications something happens; the rest is the real one's.
record TroubledStore(SecretStore real, Trouble trouble) implements SecretStore {
    interface Trouble {
        Publication publish(SecretStore real, StorePath path, LeaseSecret secret, long expected, Duration life);
    }

    @Override
    public String describe() {
        return real.describe();
    }

    @Override
    public Current read(StorePath path) {
        return real.read(path);
    }

    @Override
    public Publication publish(StorePath path, LeaseSecret secret, long expected, Duration life) {
        return trouble.publish(real, path, secret, expected, life);
    }

    @Override
    public void erase(StorePath path, long version) {
        real.erase(path, version);
    }

    @Override
    public void forget(StorePath path) {
        real.forget(path);
    }

    @Override
    public List<StorePath> list(StorePath folder) {
        return real.list(folder);
    }

    @Override
    public Optional<Secret> field(StorePath path, String field) {
        return real.field(path, field);
    }

    @Override
    public void close() {
        real.close();
    }
}
