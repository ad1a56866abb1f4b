package dev.agentroles.cli;

import dev.agentroles.apply.OpenedDatabase;
import dev.agentroles.apply.Proposal;
import dev.agentroles.apply.Proposer;
import dev.agentroles.apply.Workspace;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// The databases of a profile, all opened before anything is done to any of them: one that is not what the
/// profile means stops the run while nothing has happened.
final class OpenedDatabases implements AutoCloseable {
    private final List<OpenedDatabase> databases = new ArrayList<>();
    private final Workspace workspace;
    private final InstantSource clock;

    /// @param look at each, once it is found to be the one
    OpenedDatabases(Workspace workspace, InstantSource clock, Look look) {
        this.workspace = workspace;
        this.clock = clock;
        workspace.mustHaveVariables();
        try {
            for (var entry : workspace.databases()) {
                var database = workspace.open(entry);
                databases.add(database);
                look.at(database);
            }
        } catch (SQLException said) {
            var failure = databases.getLast().failure(said);
            close();
            throw failure;
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
    }

    @FunctionalInterface
    interface Look {
        void at(OpenedDatabase database) throws SQLException;
    }

    List<OpenedDatabase> all() {
        return List.copyOf(databases);
    }

    Proposer proposer(OpenedDatabase database) {
        return new Proposer(workspace.store(), agent -> workspace.path(database.entry(), agent), clock);
    }

    List<Proposal> propose() {
        var proposals = new ArrayList<Proposal>();
        for (var database : databases) {
            try {
                proposals.add(proposer(database).propose(database));
            } catch (SQLException said) {
                throw database.failure(said);
            }
        }
        return List.copyOf(proposals);
    }

    @Override
    public void close() {
        databases.forEach(OpenedDatabase::close);
    }
}
