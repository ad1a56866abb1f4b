package dev.agentroles.apply;

import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.credential.LeaseOrder;
import dev.agentroles.credential.StorePath;
import dev.agentroles.engine.Logins;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

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
                        .remedy("agentroles apply "
                                + Shell.word(database.profile().source()))));
    }

    /// @param digest of the grants that the agent has
    /// @param paths where an agent's login is published, by agent
    public static LeaseOrder of(OpenedDatabase database, String digest, Function<String, StorePath> paths, String name)
            throws SQLException {
        var profile = database.profile();
        var entry = database.entry().name();
        var agent = Objects.requireNonNull(profile.agents().get(name), name);
        var held = database.server().logins().held(Naming.agentRole(entry, name));
        return new LeaseOrder(
                profile.environment(),
                entry,
                name,
                tiers(entry, held),
                agent.owner().orElse(""),
                held.urls(),
                database.home(),
                paths.apply(name),
                digest,
                agent.lease().ttl(),
                agent.lease().connections(),
                agent.lease().bounds());
    }

    /// In the words of [dev.agentroles.profile.Profile#tiersOf]. The profile may say otherwise, and not be
    /// applied yet.
    private static String tiers(String database, Logins.Held held) {
        return held.roles().stream()
                .flatMap(role -> Naming.tierOf(database, role).stream())
                .map(Mark.Kind.TierRole::access)
                .sorted()
                .collect(Collectors.joining(" "));
    }
}
