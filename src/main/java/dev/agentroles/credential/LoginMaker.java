package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.Secret;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.Logins;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.problem.Failure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// Makes the login of a lease, on the server and in the ledger, and ends it there. Who is told of it, if
/// anybody, is the caller's to decide.
record LoginMaker(Tools tools) {
    /// A login that nobody but this run knows.
    record Made(Lease lease, Secret password) {}

    /// Makes a login, or leaves nothing of it: where the server made half of it, that half is ended again.
    ///
    /// @param ttl how long it lasts, whatever the order says
    /// @param action what the journal calls it
    /// @param begun what the journal says before
    /// @throws Failure refused, if the environment is frozen or the agent revoked
    Made make(LeaseOrder order, LeaseRow.Purpose purpose, Duration ttl, String action, List<JournalEntry> begun)
            throws SQLException {
        var password = tools.mint().password();
        var lease = lease(order, ttl);
        var mark = new Mark(order.environment(), order.database(), new Mark.Kind.LeaseLogin(order.agent(), lease.id()));
        var terms = new Logins.LoginTerms(order.agentRole(), mark.text(), order.connections(), order.bounds());
        var row = new LeaseRow(lease, purpose, order.path().value());
        try {
            var done = tools.entry(action, lease, "done", "expires at " + lease.expiresAt());
            var next = purpose == LeaseRow.Purpose.AGENT
                    ? List.of(tools.entry("publish", lease, "begun", "at " + order.path()))
                    : List.<JournalEntry>of();
            tools.ledger().leases().issue(row, tools.logins().createLogin(lease, terms, password), begun, done, next);
        } catch (SQLException | Failure failed) {
            undo(lease, failed);
            throw failed;
        }
        tools.faults().reached(Point.LOGIN_ISSUED);
        return new Made(lease, password);
    }

    private Lease lease(LeaseOrder order, Duration ttl) {
        var now = tools.now().truncatedTo(ChronoUnit.MICROS);
        var id = tools.mint().lease();
        return new Lease(
                id,
                order.agent(),
                Naming.leaseLogin(order.database(), order.agent(), id),
                Lease.State.ISSUED,
                now,
                now.plus(ttl),
                order.digest(),
                Optional.empty());
    }

    /// What cannot be undone now is an orphan, which the next run settles.
    private void undo(Lease lease, Exception failed) {
        try {
            boolean begun = tools.ledger().leases().openOf(lease.agent()).stream()
                    .anyMatch(open -> open.lease().id().equals(lease.id()));
            if (begun) {
                new LeaseEnd(tools).end(lease, "failed", "the login could not be made");
            }
        } catch (SQLException | Failure left) {
            failed.addSuppressed(left);
        }
    }

    /// Ends the lease, and gives the claim on it back.
    ///
    /// @param outcome for the journal, and `why`, too
    void end(Lease lease, String outcome, String why) throws SQLException {
        new LeaseEnd(tools).end(lease, outcome, why);
        tools.ledger().claims().releaseLease(lease.id());
    }
}
