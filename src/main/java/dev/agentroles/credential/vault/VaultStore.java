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
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        return new Current(snapshot.version(), snapshot.lease().map(Held::new));
    }

    /// What one read of the data shows.
    private record Snapshot(long version, Optional<LeaseSecret> lease, JsonObject metadata) {}

    private static Optional<LeaseSecret> lease(JsonObject fields) {
        return LeaseSecret.readFrom(name -> Answer.text(fields, name));
    }

    private Snapshot snapshot(StorePath path) {
        var need = Need.of("read " + path, data(path), "read");
        var answer = vault.ask(need, to -> to.read(need.path()));
        var metadata = Answer.child(answer.data(), "metadata");
        var version = Answer.number(metadata, "version");
        if (answer.is(200) && version.isEmpty()) {
            throw vault.refusal(need, answer);
        }
        return new Snapshot(version.orElse(0L), lease(Answer.child(answer.data(), "data")), metadata);
    }

    @Override
    public Publication publish(StorePath path, LeaseSecret secret, long expected, Duration life) {
        var end = clock.instant().plus(life);
        armExpiry(path, secret, end);
        var need = Need.of("publish the lease " + secret.lease() + " at " + path, data(path), "create", "update");
        var fields = new JsonObject();
        secret.writeTo(fields::add);
        Map<String, Object> body = Map.of("options", new JsonObject().add("cas", expected), "data", fields);
        for (int attempt = 1; ; attempt++) {
            Failure refusal;
            try {
                var answer = vault.attempt(to -> to.write(need.path(), body));
                if (answer.is(200) && Answer.number(answer.data(), "version").equals(Optional.of(expected + 1))) {
                    return published(path, secret, end, expected + 1, answer.data());
                }
                refusal = vault.refusal(need, answer);
            } catch (VaultException e) {
                refusal = vault.noAnswer(need, e);
            }
            var truth = settle(path, secret, end, expected, refusal);
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
        var left = Duration.between(clock.instant(), end);
        var kept = left.minus(reserve(left));
        if (!kept.isPositive()) {
            throw Failure.error(Problem.of("cannot publish the lease " + secret.lease() + " at " + path
                            + ": it ends at " + secret.expiresAt() + ", too soon to be of use")
                    .remedy("give the agent a longer ttl"));
        }
        var stable = new JsonObject().add("managed_by", "agentroles");
        Map.of(
                        "environment", secret.environment(),
                        "database", secret.database(),
                        "agent", secret.agent(),
                        "owner", secret.owner())
                .forEach((name, value) -> {
                    if (!value.isEmpty()) {
                        stable.add(name, value);
                    }
                });
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

    /// Vault forgets a login a little before it ends: this covers the time until the data is written.
    private static Duration reserve(Duration left) {
        var share = left.dividedBy(20);
        var longest = Duration.ofSeconds(30);
        var shortest = Duration.ofSeconds(2);
        return share.compareTo(longest) > 0 ? longest : share.compareTo(shortest) < 0 ? shortest : share;
    }

    /// The truth after a write that was refused or not answered; empty if nothing was written, so that it
    /// may be tried again: check-and-set sees to it that only one of the attempts takes effect.
    private Optional<Publication> settle(
            StorePath path, LeaseSecret secret, Instant end, long expected, Failure refusal) {
        Snapshot now;
        try {
            now = snapshot(path);
        } catch (Failure silent) {
            refusal.addSuppressed(silent);
            return Optional.empty();
        }
        if (now.lease().filter(lease -> lease.lease().equals(secret.lease())).isPresent()) {
            return Optional.of(published(path, secret, end, now.version(), now.metadata()));
        }
        return now.version() == expected ? Optional.empty() : Optional.of(new Publication.Superseded(now.version()));
    }

    /// Accepts a version that Vault will forget in time. If two runs set the expiry at once, the longer of
    /// both may have applied; a login that outlives itself in Vault is then taken back.
    ///
    /// @param end of the login, by our clock
    /// @param metadata of that version, with times of Vault's clock
    private Publication published(StorePath path, LeaseSecret secret, Instant end, long version, JsonObject metadata) {
        var left = Duration.between(clock.instant(), end);
        var kept = instant(metadata, "deletion_time")
                .flatMap(until -> instant(metadata, "created_time").map(from -> Duration.between(from, until)));
        if (kept.isPresent() && kept.get().compareTo(left) <= 0) {
            return new Publication.Published(version);
        }
        erase(path, version);
        throw Failure.error(Problem.of("the lease " + secret.lease() + " was taken back from " + path
                        + ": Vault would have kept it for "
                        + kept.map(Duration::toString).orElse("ever")
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

    private static Optional<Instant> instant(JsonObject fields, String name) {
        try {
            return Answer.text(fields, name).map(Instant::parse);
        } catch (DateTimeParseException noTime) {
            return Optional.empty();
        }
    }
}
