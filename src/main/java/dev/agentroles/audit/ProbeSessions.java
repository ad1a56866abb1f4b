package dev.agentroles.audit;

import dev.agentroles.apply.LeaseOrders;
import dev.agentroles.apply.Proposal;
import dev.agentroles.apply.Proposer;
import dev.agentroles.credential.PrivateLease;
import dev.agentroles.credential.StorePath;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.workspace.Means;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.OpenedDatabases;
import dev.agentroles.workspace.SideSessions;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Function;

/// Lends logins of the agents of one database, on several of its sessions at once.
final class ProbeSessions implements ProbeLogins, AutoCloseable {
    private final Proposal proposal;
    private final Consumer<String> progress;
    private final SideSessions<Lender> sessions;

    /// @param proposal what the agents are to hold
    /// @param most how many sessions at most, with that of the database
    /// @param progress told what is being done, by several threads
    ProbeSessions(
            OpenedDatabases databases,
            OpenedDatabase database,
            Proposer proposer,
            Proposal proposal,
            Means means,
            int most,
            Consumer<String> progress)
            throws SQLException {
        this.proposal = proposal;
        this.progress = progress;
        int agents = database.profile().agentsOf(database.entry().name()).size();
        this.sessions = new SideSessions<>(
                database,
                () -> databases.again(database),
                session -> new Lender(
                        session,
                        proposer.paths(),
                        new PrivateLease(means.on(session, proposer.store()), LeaseRow.Purpose.PROBE)),
                Math.min(most, agents) - 1,
                progress);
    }

    @Override
    public Begun begin(String agent, Trial trial) {
        var begun = sessions.begin(lender -> {
            progress.accept(
                    "trying as " + agent + " on " + lender.session().entry().name());
            return lender.as(agent, proposal, trial);
        });
        return begun::result;
    }

    /// Lends on one session.
    private record Lender(OpenedDatabase session, Function<String, StorePath> paths, PrivateLease lease) {
        Tried as(String agent, Proposal proposal, Trial trial) throws SQLException {
            var order = LeaseOrders.of(session, proposal, paths, agent);
            return lease.during(
                    order,
                    (probe, password) -> trial.as(session.target()
                            .at(order.urls().direct())
                            .as(probe.login().value(), password)));
        }
    }

    @Override
    public void close() {
        sessions.close();
    }
}
