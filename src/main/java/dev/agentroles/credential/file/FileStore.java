package dev.agentroles.credential.file;

import dev.agentroles.access.Secret;
import dev.agentroles.credential.LeaseSecret;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.StorePath;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/// One file for one machine without Vault, encrypted with age: `age -d -i identity.txt FILE` opens it and
/// shows JSON. Several threads and processes may use the same file at once.
public final class FileStore implements SecretStore {
    private final Path path;
    private final InstantSource clock;
    private final EncryptedFile file;
    private final WriteLock lock;

    /// @param path of the file; made by the first publication. A link is followed
    /// @param identity an age secret key (`AGE-SECRET-KEY-1...`), or the text of an identity file
    public FileStore(Path path, Secret identity, InstantSource clock) {
        this.path = path;
        this.clock = clock;
        var target = followed(path);
        this.file = new EncryptedFile(target, AgeIdentity.of(identity));
        this.lock = new WriteLock(target);
    }

    /// Replacing the file must replace what a link points to, not the link.
    private static Path followed(Path path) {
        try {
            return Files.exists(path)
                    ? path.toRealPath()
                    : path.toAbsolutePath().normalize();
        } catch (IOException e) {
            throw new Failure(Exit.ERROR, Problem.of("the secret store " + path + " cannot be found"), e);
        }
    }

    @Override
    public String describe() {
        return "encrypted file " + path;
    }

    @Override
    public Current read(StorePath path) {
        var entry = living().at(path);
        return new Current(entry.version(), entry.lease().map(Held::new));
    }

    @Override
    public Publication publish(StorePath path, LeaseSecret secret, long expected, Duration life) {
        if (!life.isPositive()) {
            throw Failure.error(Problem.of("cannot publish the lease " + secret.lease() + " at " + path
                            + ": it ends at " + secret.expiresAt() + ", too soon to be of use")
                    .remedy("give the agent a longer ttl"));
        }
        var held = new Contents.Held(secret, clock.instant().plus(life));
        var outcome = new AtomicReference<Publication>();
        change(contents -> {
            var entry = contents.at(path);
            if (entry.lease()
                    .filter(lease -> lease.lease().equals(secret.lease()))
                    .isPresent()) {
                outcome.set(new Publication.Published(entry.version()));
                return contents;
            }
            if (entry.version() != expected) {
                outcome.set(new Publication.Superseded(entry.version()));
                return contents;
            }
            outcome.set(new Publication.Published(expected + 1));
            return contents.with(path, new Contents.Entry(expected + 1, Optional.of(held)));
        });
        return outcome.get();
    }

    @Override
    public void erase(StorePath path, long version) {
        change(contents -> contents.at(path).version() == version && version > 0
                ? contents.with(path, new Contents.Entry(version, Optional.empty()))
                : contents);
    }

    @Override
    public void forget(StorePath path) {
        change(contents -> contents.without(path));
    }

    @Override
    public List<StorePath> list(StorePath folder) {
        return file.load().entries().keySet().stream()
                .filter(path -> path.value().startsWith(folder + "/"))
                .toList();
    }

    /// Knows the fields of leases; the file holds nothing else.
    @Override
    public Optional<Secret> field(StorePath path, String field) {
        var found = new AtomicReference<Optional<Secret>>(Optional.empty());
        living().at(path)
                .lease()
                .ifPresent(lease -> lease.writeTo((name, value) -> {
                    if (name.equals(field)) {
                        found.set(Optional.of(Secret.of(value)));
                    }
                }));
        return found.get();
    }

    /// Nothing is held between two calls.
    @Override
    public void close() {}

    /// Needs no lock: the file is replaced as a whole.
    private Contents living() {
        return file.load().livingAt(clock.instant());
    }

    /// Leases that have ended leave the file with whatever changes next.
    private void change(UnaryOperator<Contents> change) {
        lock.holding(() -> {
            var before = file.load();
            var after = change.apply(before.livingAt(clock.instant()));
            if (!after.equals(before)) {
                file.save(after);
            }
            return after;
        });
    }
}
