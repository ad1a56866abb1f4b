package dev.agentroles.credential.vault;

import dev.agentroles.access.Secret;
import dev.agentroles.credential.LeaseSecret;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.StorePath;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.json.JsonArray;
import io.github.jopenlibs.vault.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// HashiCorp Vault or OpenBao with a KV version 2 secrets engine. May be used by several threads at once.
/// Nothing is opened before the first call.
///
/// Sources: the KV version 2 API page of OpenBao; what it leaves open was measured on OpenBao 2.7.2.
public final class VaultStore implements SecretStore {
    /// Write, read back, and both again: enough for a leader election, and bounded.
    private static final int ATTEMPTS = 3;

    private final VaultSettings settings;
    private final InstantSource clock;
    private final VaultConnection vault;

    /// What the last read of a path has shown, until something is published there.
    private final Map<StorePath, Retention> retentions = new ConcurrentHashMap<>();

    /// @param clock ours, to measure how long things take. Vault is told durations only, so that its own clock
    /// may differ
    public VaultStore(VaultSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.vault = new VaultConnection(settings);
    }

    @Override
    public String describe() {
        return "Vault at " + settings.address() + ", mount " + settings.mount()
                + settings.namespace().map(name -> ", namespace " + name).orElse("");
    }

    @Override
    public Current read(StorePath path) {
        var snapshot = snapshot(path);
        return new Current(snapshot.retention().version(), snapshot.lease().map(Held::new));
    }

    /// What one read of the data shows.
    private record Snapshot(Retention retention, Optional<LeaseSecret> lease) {}

    private static Optional<LeaseSecret> lease(JsonObject fields) {
        return LeaseSecret.readFrom(name -> Answer.text(fields, name));
    }

    private Snapshot snapshot(StorePath path) {
        var need = Need.of("read " + path, data(path), "read");
        var answer = vault.ask(need, to -> to.read(need.path()));
        var metadata = Answer.child(answer.data(), "metadata");
        if (answer.is(200) && Answer.number(metadata, "version").isEmpty()) {
            throw vault.refusal(need, answer);
        }
        var snapshot = new Snapshot(Retention.of(metadata), lease(Answer.child(answer.data(), "data")));
        retentions.put(path, snapshot.retention());
        return snapshot;
    }

    @Override
    public Publication publish(StorePath path, LeaseSecret secret, long expected, Duration life) {
        var end = clock.instant().plus(life);
        var known = retentions.remove(path);
        if (known == null || !known.suits(secret, expected, life)) {
            armExpiry(path, secret, end);
            return switch (write(path, secret, expected)) {
                case Written.Ours(var retention) -> accept(path, secret, end, retention);
                case Written.Others(var version) -> new Publication.Superseded(version);
            };
        }
        return switch (write(path, secret, expected)) {
            case Written.Ours(var retention)
            when retention.isAlmost(left(end)) -> new Publication.Published(retention.version());
            case Written.Ours(var retention) -> {
                // Somebody has told Vault something else since, which acts on what is written later only.
                var again = publish(path, secret, retention.version(), left(end));
                erase(path, retention.version());
                yield again;
            }
            case Written.Others(var version) -> new Publication.Superseded(version);
        };
    }

    private Duration left(Instant end) {
        return Duration.between(clock.instant(), end);
    }

    /// What stands at a path after a write.
    private sealed interface Written {
        record Ours(Retention retention) implements Written {}

        record Others(long version) implements Written {}
    }

    private Written write(StorePath path, LeaseSecret secret, long expected) {
        var need = Need.of("publish the lease " + secret.lease() + " at " + path, data(path), "create", "update");
        var fields = new JsonObject();
        secret.writeTo(fields::add);
        Map<String, Object> body = Map.of("options", new JsonObject().add("cas", expected), "data", fields);
        for (int attempt = 1; ; attempt++) {
            Failure refusal;
            try {
                var answer = vault.attempt(to -> to.write(need.path(), body));
                if (answer.is(200) && Answer.number(answer.data(), "version").equals(Optional.of(expected + 1))) {
                    return new Written.Ours(Retention.of(answer.data()));
                }
                refusal = vault.refusal(need, answer);
            } catch (VaultException e) {
                refusal = vault.noAnswer(need, e);
            }
            var truth = settle(path, secret, expected, refusal);
            if (truth.isPresent()) {
                return truth.get();
            }
            if (attempt == ATTEMPTS) {
                throw refusal;
            }
        }
    }

    /// Sets how long versions written from now on are kept. Has no effect on those that are there, and so
    /// comes first.
    ///
    /// @param end of the login, by our clock
    private void armExpiry(StorePath path, LeaseSecret secret, Instant end) {
        var left = left(end);
        var kept = left.minus(Retention.reserve(left));
        if (!kept.isPositive()) {
            throw Failure.error(Problem.of("cannot publish the lease " + secret.lease() + " at " + path
                            + ": it ends at " + secret.expiresAt() + ", too soon to be of use")
                    .remedy("give the agent a longer ttl"));
        }
        var stable = new JsonObject();
        Retention.stable(secret).forEach(stable::add);
        var need = Need.of("set the expiry of " + path, metadata(path), "create", "update");
        var answer = vault.ask(
                need,
                to -> to.write(
                        need.path(),
                        Map.of(
                                "delete_version_after",
                                kept.toMillis() + "ms",
                                "cas_required",
                                true,
                                "custom_metadata",
                                stable)));
        if (!answer.isDone()) {
            throw vault.refusal(need, answer);
        }
    }

    /// The truth after a write that was refused or not answered; empty if nothing was written, so that it
    /// may be tried again: check-and-set sees to it that only one of the attempts takes effect.
    private Optional<Written> settle(StorePath path, LeaseSecret secret, long expected, Failure refusal) {
        Snapshot now;
        try {
            now = snapshot(path);
        } catch (Failure silent) {
            refusal.addSuppressed(silent);
            return Optional.empty();
        }
        if (now.lease().filter(lease -> lease.lease().equals(secret.lease())).isPresent()) {
            return Optional.of(new Written.Ours(now.retention()));
        }
        long version = now.retention().version();
        return version == expected ? Optional.empty() : Optional.of(new Written.Others(version));
    }

    /// Accepts a version that Vault will forget in time. If two runs set the expiry at once, the longer of
    /// both may have applied; a login that outlives itself in Vault is then taken back.
    ///
    /// @param end of the login, by our clock
    private Publication accept(StorePath path, LeaseSecret secret, Instant end, Retention retention) {
        var left = left(end);
        if (retention.kept().filter(kept -> kept.compareTo(left) <= 0).isPresent()) {
            return new Publication.Published(retention.version());
        }
        erase(path, retention.version());
        throw Failure.error(Problem.of("the lease " + secret.lease() + " was taken back from " + path
                        + ": Vault would have kept it for "
                        + retention.kept().map(Duration::toString).orElse("ever")
                        + ", longer than the login lives (" + left + ")")
                .remedy("run it again; if it happens again, look who else writes the metadata of that path"));
    }

    @Override
    public void erase(StorePath path, long version) {
        var need = Need.of("erase version " + version + " of " + path, settings.mount() + "/destroy/" + path, "update");
        vault.ask(need, to -> to.write(need.path(), Map.of("versions", new JsonArray().add(version))));
    }

    @Override
    public void forget(StorePath path) {
        var need = Need.of("remove " + path, metadata(path), "delete");
        vault.ask(need, to -> to.delete(need.path()));
    }

    @Override
    public List<StorePath> list(StorePath folder) {
        var found = new ArrayList<StorePath>();
        collect(folder.value() + "/", found);
        return found.stream().sorted().toList();
    }

    /// @param folder with its slash
    private void collect(String folder, List<StorePath> found) {
        var need = Need.of("list " + folder, settings.mount() + "/metadata/" + folder, "list");
        var answer = vault.ask(need, to -> to.list(need.path()));
        for (var key : Answer.texts(answer.data().get("keys"))) {
            if (key.endsWith("/")) {
                collect(folder + key, found);
            } else if (StorePath.isOne(folder + key)) {
                found.add(new StorePath(folder + key));
            }
        }
    }

    @Override
    public Optional<Secret> field(StorePath path, String field) {
        var need = Need.of("read " + path + "#" + field, data(path), "read");
        var answer = vault.ask(need, to -> to.read(need.path()));
        return Answer.text(Answer.child(answer.data(), "data"), field).map(Secret::of);
    }

    @Override
    public void close() {
        vault.close();
    }

    private String data(StorePath path) {
        return settings.mount() + "/data/" + path;
    }

    private String metadata(StorePath path) {
        return settings.mount() + "/metadata/" + path;
    }
}
