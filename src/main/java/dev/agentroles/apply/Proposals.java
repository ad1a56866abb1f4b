package dev.agentroles.apply;

import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.OpenedDatabases;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;

/// What would have to be done to the databases of a profile, which know of each other's revocations.
///
/// @param clock ours
public record Proposals(OpenedDatabases databases, InstantSource clock) {
    /// One for each database, in their order.
    public List<Proposal> all() {
        return databases.all().stream().map(this::of).toList();
    }

    /// What would have to be done to one of them now.
    public Proposal of(OpenedDatabase database) {
        try {
            return proposer(database).propose(database);
        } catch (SQLException said) {
            throw database.failure(said);
        }
    }

    public Proposer proposer(OpenedDatabase database) {
        var workspace = databases.workspace();
        return new Proposer(
                workspace.store(), agent -> workspace.path(database.entry(), agent), clock, databases::revoked);
    }
}
