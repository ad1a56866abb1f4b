package dev.agentroles.workspace;

import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.StorePath;
import dev.agentroles.engine.Engine;
import dev.agentroles.engine.Target;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.profile.EngineTerms;
import dev.agentroles.profile.Profile;
import dev.agentroles.profile.Value;
import dev.agentroles.profile.Values;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// A profile and what its words stand for: engines, values from elsewhere, the store where leases are
/// published.
///
/// @param engines by the name that profiles use, each with its terms
public record Workspace(Profile profile, Map<String, KnownEngine> engines, Values values, SecretStore store)
        implements AutoCloseable {
    /// @param terms what a profile may ask of it
    public record KnownEngine(Engine engine, EngineTerms terms) {}

    public Workspace {
        engines = Map.copyOf(engines);
    }

    public Engine engine(Profile.DatabaseEntry entry) {
        return known(entry).engine();
    }

    private KnownEngine known(Profile.DatabaseEntry entry) {
        return Objects.requireNonNull(engines.get(entry.engine()), entry.engine());
    }

    public List<Profile.DatabaseEntry> databases() {
        return List.copyOf(profile.databases().values());
    }

    /// For a run that needs these databases and the store: what it misses is told before anything is done.
    public void mustHaveVariables(Collection<Profile.DatabaseEntry> entries) {
        mustHave(Stream.concat(profile.store().values(), entries.stream().flatMap(Profile.DatabaseEntry::values)));
    }

    /// @throws Failure that names every environment variable among the values that is missing
    private void mustHave(Stream<Value> needed) {
        var missing = values.missing(needed);
        if (!missing.isEmpty()) {
            throw new Failure(Exit.ERROR, missing);
        }
    }

    /// The database as its administrator reaches it. Values are fetched now, and no earlier.
    public Target target(Profile.DatabaseEntry entry) {
        mustHave(entry.values());
        var url = url(entry, entry.url());
        return new Target(
                entry.name(),
                url,
                entry.agentUrl().map(value -> url(entry, value)).orElse(url),
                values.text(entry.username()),
                values.secret(entry.password()),
                entry.hosts().stream().map(Profile.Host::text).toList());
    }

    /// The database as the login reaches it that makes schema changes. Values are fetched now, and no earlier.
    public Target owner(Profile.DatabaseEntry entry, Profile.Changes changes) {
        mustHave(Stream.concat(Stream.of(entry.url()), changes.values()));
        return new Target(
                entry.name(),
                url(entry, entry.url()),
                values.text(changes.username()),
                values.secret(changes.password()));
    }

    private String url(Profile.DatabaseEntry entry, Value url) {
        return values.url(url, entry.tls(), known(entry).terms().url());
    }

    /// Logs in and checks that this is the database that the profile means.
    public OpenedDatabase open(Profile.DatabaseEntry entry) {
        var pinned = entry.identities().stream().map(values::text).toList();
        return OpenedDatabase.open(profile, entry, engine(entry), target(entry), pinned);
    }

    /// Where the login of an agent is published.
    public StorePath path(Profile.DatabaseEntry entry, String agent) {
        return path(profile, entry, agent);
    }

    /// Where a profile has the login of an agent published.
    public static StorePath path(Profile profile, Profile.DatabaseEntry entry, String agent) {
        return StorePath.of(template(profile), profile.environment(), entry.name(), agent);
    }

    /// Below which all logins of the environment are published.
    public StorePath folder() {
        return folder(profile);
    }

    /// Below which a profile has all logins of its environment published.
    public static StorePath folder(Profile profile) {
        return StorePath.folder(template(profile), profile.environment());
    }

    private static String template(Profile profile) {
        return switch (profile.store()) {
            case Profile.VaultEntry vault -> vault.path();
            case Profile.FileEntry _ -> Profile.StoreEntry.PATH;
        };
    }

    @Override
    public void close() {
        store.close();
    }
}
