package dev.agentroles.apply;

import dev.agentroles.access.Naming;
import dev.agentroles.credential.LeaseOrder;
import dev.agentroles.credential.StorePath;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Function;

/// What a lease of an agent is to be, by the profile and the grants that the agent is meant to have.
public final class LeaseOrders {
    private LeaseOrders() {}

    /// @param paths where an agent's login is published, by agent
    public static LeaseOrder of(
            OpenedDatabase database, Proposal proposal, Function<String, StorePath> paths, String name)
            throws SQLException {
        return of(database, Objects.requireNonNull(proposal.digests().get(name), name), paths, name);
    }

    /// What an agent held when it was last issued a lease: what the latest apply gave it.
    ///
    /// @throws Failure if it never was applied
    public static String appliedDigest(OpenedDatabase database, String name) throws SQLException {
        return database.ledger()
                .leases()
                .lastDigest(name)
                .orElseThrow(() -> Failure.error(Problem.of("agent " + name + " was never applied to database "
                                + database.entry().name())
                        .remedy("agentroles apply " + database.profile().source())));
    }

    /// @param digest of the grants that the agent has
    /// @param paths where an agent's login is published, by agent
    public static LeaseOrder of(OpenedDatabase database, String digest, Function<String, StorePath> paths, String name)
            throws SQLException {
        var profile = database.profile();
        var entry = database.entry().name();
        var agent = Objects.requireNonNull(profile.agents().get(name), name);
        return new LeaseOrder(
                profile.environment(),
                entry,
                name,
                profile.tiersOf(agent, entry),
                agent.owner().orElse(""),
                database.server().logins().agentUrl(Naming.agentRole(entry, name)),
                paths.apply(name),
                digest,
                agent.lease().ttl(),
                agent.lease().connections(),
                agent.lease().bounds());
    }
}
