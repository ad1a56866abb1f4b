package dev.agentroles.cli;

import dev.agentroles.apply.OpenedDatabase;
import dev.agentroles.apply.Proposal;
import dev.agentroles.apply.Proposer;
import dev.agentroles.apply.Workspace;
import dev.agentroles.audit.AuditReport;
import dev.agentroles.ledger.Freeze;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.problem.Failure;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The databases of a profile, all opened before anything is done to any of them.
final class OpenedDatabases implements AutoCloseable {
    private final List<OpenedDatabase> databases = new ArrayList<>();
    private final List<AuditReport.Missed> missed = new ArrayList<>();
    private final Workspace workspace;
    private final InstantSource clock;

    private OpenedDatabases(Workspace workspace, InstantSource clock) {
        this.workspace = workspace;
        this.clock = clock;
    }

    /// One that cannot be opened, or is not what the profile means, stops the run while nothing has happened. All such
    /// are told.
    ///
    /// @param look at each, once it is found to be the one
    static OpenedDatabases all(Workspace workspace, InstantSource clock, Look look) {
        return all(workspace, workspace.databases(), clock, look);
    }

    /// The same of some databases of the profile.
    static OpenedDatabases all(
            Workspace workspace, List<Profile.DatabaseEntry> entries, InstantSource clock, Look look) {
        var opened = reachable(workspace, entries, clock, look);
        if (!opened.missed.isEmpty()) {
            opened.close();
            throw Failure.together(
                    opened.missed.stream().map(AuditReport.Missed::failure).toList());
        }
        return opened;
    }

    /// Without those that cannot be opened, or are not what the profile means: they are [#missed].
    ///
    /// @param look at each, once it is found to be the one
    static OpenedDatabases reachable(Workspace workspace, InstantSource clock, Look look) {
        return reachable(workspace, workspace.databases(), clock, look);
    }

    private static OpenedDatabases reachable(
            Workspace workspace, List<Profile.DatabaseEntry> entries, InstantSource clock, Look look) {
        workspace.mustHaveVariables(entries);
        var opened = new OpenedDatabases(workspace, clock);
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
            missed.add(new AuditReport.Missed(entry.name(), failure));
        }
    }

    @FunctionalInterface
    interface Look {
        void at(OpenedDatabase database) throws SQLException;
    }

    List<OpenedDatabase> all() {
        return List.copyOf(databases);
    }

    /// One more session on the same database, for another thread.
    OpenedDatabase again(OpenedDatabase database) {
        return workspace.open(database.entry());
    }

    Profile profile() {
        return workspace.profile();
    }

    List<AuditReport.Missed> missed() {
        return List.copyOf(missed);
    }

    Proposer proposer(OpenedDatabase database) {
        return new Proposer(workspace.store(), agent -> workspace.path(database.entry(), agent), clock, this::revoked);
    }

    /// Whom somebody revoked, where there was a ledger to say so in.
    private Map<String, Freeze> revoked() {
        var revoked = new HashMap<String, Freeze>();
        for (var database : databases) {
            revocations(database).forEach(revoked::putIfAbsent);
        }
        return revoked;
    }

    private static Map<String, Freeze> revocations(OpenedDatabase database) {
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
    void mayGive() {
        for (var database : databases) {
            try {
                database.guard(database.look()).mayGive();
            } catch (SQLException said) {
                throw database.failure(said);
            }
        }
    }

    List<Proposal> propose() {
        return databases.stream().map(this::propose).toList();
    }

    Proposal propose(OpenedDatabase database) {
        try {
            return proposer(database).propose(database);
        } catch (SQLException said) {
            throw database.failure(said);
        }
    }

    @Override
    public void close() {
        databases.forEach(OpenedDatabase::close);
    }
}
