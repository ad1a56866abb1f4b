package dev.agentroles.credential;

import dev.agentroles.access.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store that is opened by the first call that needs it. Whoever stops an agent needs it last, and must
/// not fail before for want of its key or its token. May be used by several threads at once, if the store
/// may.
public final class DeferredStore implements SecretStore {
    private final Supplier<SecretStore> opener;
    private @Nullable SecretStore opened;

    /// @param opener asked again by the next call where it failed
    public DeferredStore(Supplier<SecretStore> opener) {
        this.opener = opener;
    }

    private synchronized SecretStore store() {
        if (opened == null) {
            opened = opener.get();
        }
        return opened;
    }

    @Override
    public String describe() {
        return store().describe();
    }

    @Override
    public Current read(StorePath path) {
        return store().read(path);
    }

    @Override
    public Publication publish(StorePath path, LeaseSecret secret, long expected, Duration life) {
        return store().publish(path, secret, expected, life);
    }

    @Override
    public void erase(StorePath path, long version) {
        store().erase(path, version);
    }

    @Override
    public void forget(StorePath path) {
        store().forget(path);
    }

    @Override
    public List<StorePath> list(StorePath folder) {
        return store().list(folder);
    }

    @Override
    public Optional<Secret> field(StorePath path, String field) {
        return store().field(path, field);
    }

    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
