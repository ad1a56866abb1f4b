package dev.agentroles.workspace;

import dev.agentroles.ledger.LedgerState;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.problem.Failure;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The databases of a profile, all opened before anything is done to any of them.
public final class OpenedDatabases implements AutoCloseable {
    private final List<OpenedDatabase> databases = new ArrayList<>();
    private final List<Missed> missed = new ArrayList<>();
    private final Workspace workspace;

    private OpenedDatabases(Workspace workspace) {
        this.workspace = workspace;
    }

    /// One that cannot be opened, or is not what the profile means, stops the run while nothing has happened. All such
    /// are told.
    ///
    /// @param look at each, once it is found to be the one
    public static OpenedDatabases all(Workspace workspace, Look look) {
        return all(workspace, workspace.databases(), look);
    }

    /// The same of some databases of the profile.
    public static OpenedDatabases all(Workspace workspace, List<Profile.DatabaseEntry> entries, Look look) {
        var opened = reachable(workspace, entries, look);
        if (!opened.missed.isEmpty()) {
            opened.close();
            throw Failure.together(opened.missed.stream().map(Missed::failure).toList());
        }
        return opened;
    }

    /// Without those that cannot be opened, or are not what the profile means: they are [#missed].
    ///
    /// @param look at each, once it is found to be the one
    public static OpenedDatabases reachable(Workspace workspace, Look look) {
        return reachable(workspace, workspace.databases(), look);
    }

    private static OpenedDatabases reachable(Workspace workspace, List<Profile.DatabaseEntry> entries, Look look) {
        workspace.mustHaveVariables(entries);
        var opened = new OpenedDatabases(workspace);
        for (var entry : entries) {
            opened.open(entry, look);
        }
        return opened;
    }

    private void open(Profile.DatabaseEntry entry, Look look) {
        try {
            var database = workspace.open(entry);
            try {
                look.at(database);
                databases.add(database);
            } catch (SQLException said) {
                database.close();
                throw database.failure(said);
            } catch (RuntimeException refused) {
                database.close();
                throw refused;
            }
        } catch (Failure failure) {
            missed.add(new Missed(entry.name(), failure));
        }
    }

    @FunctionalInterface
    public interface Look {
        void at(OpenedDatabase database) throws SQLException;
    }

    public List<OpenedDatabase> all() {
        return List.copyOf(databases);
    }

    /// One more session on the same database, for another thread.
    public OpenedDatabase again(OpenedDatabase database) {
        return workspace.open(database.entry());
    }

    public Profile profile() {
        return workspace.profile();
    }

    public List<Missed> missed() {
        return List.copyOf(missed);
    }

    public Workspace workspace() {
        return workspace;
    }

    /// Whom somebody revoked, by agent, on any of those that have a ledger to say so in.
    public SortedMap<String, StoppedBy> revoked() {
        var revoked = new TreeMap<String, StoppedBy>();
        for (var database : databases) {
            revocations(database).forEach(revoked::putIfAbsent);
        }
        return revoked;
    }

    private static Map<String, StoppedBy> revocations(OpenedDatabase database) {
        try {
            return database.look() instanceof LedgerState.Present
                    ? database.ledger().stops().revocations()
                    : Map.of();
        } catch (SQLException said) {
            throw database.failure(said);
        }
    }

    /// A freeze stands for the environment: where nothing was applied yet, no ledger could take it down.
    ///
    /// @throws Failure refused, if one of them is frozen, or takes no writes
    public void mayGive() {
        for (var database : databases) {
            try {
                database.guard(database.look()).mayGive();
            } catch (SQLException said) {
                throw database.failure(said);
            }
        }
    }

    @Override
    public void close() {
        databases.forEach(OpenedDatabase::close);
    }
}
