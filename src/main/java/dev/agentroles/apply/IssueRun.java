package dev.agentroles.apply;

import dev.agentroles.credential.Issuer;
import dev.agentroles.credential.Retirements;
import dev.agentroles.credential.Rotation;
import dev.agentroles.plan.Change;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Consumer;

/// The leases that a proposal issues, one by one. What an agent had before ends after the overlap, as when `rotate`
/// replaces it.
final class IssueRun {
    private static final String AGAIN = "run the same command again";

    private final Run run;
    private final Proposer proposer;
    private final Consumer<String> progress;
    private final Retirements retirements;
    private final Rotation rotation;

    IssueRun(Run run, Proposer proposer, Consumer<String> progress) {
        this.run = run;
        this.proposer = proposer;
        this.progress = progress;
        this.retirements = new Retirements(run.tools());
        this.rotation = new Rotation(new Issuer(run.tools()), retirements);
    }

    void issue() throws SQLException {
        var database = run.database();
        for (var issue : run.proposal().changes(Change.IssueLease.class)) {
            var agent = issue.agent();
            progress.accept(
                    "issuing a lease for " + agent + " on " + database.entry().name());
            run.pieces().attempt("no login can be issued for " + agent, AGAIN, () -> issue(agent));
            if (retirements.areDue()) {
                settle();
            }
        }
        settle();
    }

    private Issuer.Outcome issue(String agent) throws SQLException {
        var database = run.database();
        var order = LeaseOrders.of(database, run.proposal(), proposer.paths(), agent);
        var terms = Objects.requireNonNull(database.profile().agents().get(agent), agent)
                .lease();
        var outcome = rotation.issueIfDue(order, terms.overlap());
        switch (outcome) {
            case Issuer.Outcome.Issued(var lease) -> run.issued(lease);
            case Issuer.Outcome.Adopted(var lease) ->
                progress.accept("lease " + lease.id() + " is published for " + agent + " and works");
        }
        return outcome;
    }

    private void settle() {
        retirements
                .settle()
                .forEach((agent, said) -> run.pieces()
                        .add(Retirements.overlong(
                                agent, run.database().failure(said).problems())));
    }
}
