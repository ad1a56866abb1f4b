package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.Secret;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Ledger;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A login of an agent for as long as something takes: made like every lease, never published, gone
/// afterwards. One that a crash leaves behind is dropped by the next run, and expires by itself.
///
/// @param clock the server's
/// @param purpose of all leases made so
public record PrivateLease(
        Ledger ledger,
        Logins logins,
        Mint mint,
        InstantSource clock,
        Actor actor,
        LeaseRow.Purpose purpose,
        FaultPoints faults) {
    private static final Duration PROBE_TTL = Duration.ofMinutes(2);

    /// What is done with the login.
    @FunctionalInterface
    public interface Trial<R> {
        R as(Lease lease, Secret password) throws SQLException;
    }

    /// @param order for the agent; the ttl does not count for a probe
    public <R> R during(LeaseOrder order, Trial<R> trial) throws SQLException {
        var password = mint.password();
        var lease = lease(order);
        var mark = new Mark(order.environment(), order.database(), new Mark.Kind.LeaseLogin(order.agent(), lease.id()));
        var terms = new Logins.LoginTerms(order.agentRole(), mark.text(), order.connections(), order.bounds());
        new NewLogin(ledger, logins)
                .make(
                        new LeaseRow(lease, purpose, order.path().value()),
                        terms,
                        password,
                        List.of(),
                        entry(word(), lease, "done", "expires at " + lease.expiresAt()));
        faults.reached(Point.LOGIN_ISSUED);
        try (var _ = (SqlCloseable) () -> end(lease)) {
            return trial.as(lease, password);
        }
    }

    private void end(Lease lease) throws SQLException {
        ledger.journal().append(entry("end", lease, "begun", word()));
        logins.dropLogin(lease.login());
        faults.reached(Point.LOGIN_DROPPED);
        ledger.leases().ended(lease.id(), clock.instant(), entry("end", lease, "done", word()));
        ledger.leases().release(lease.id());
        faults.reached(Point.END_RECORDED);
    }

    private String word() {
        return purpose.name().toLowerCase(Locale.ROOT);
    }

    private Lease lease(LeaseOrder order) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var id = mint.lease();
        return new Lease(
                id,
                order.agent(),
                Naming.leaseLogin(order.database(), order.agent(), id),
                Lease.State.ISSUED,
                now,
                now.plus(purpose == LeaseRow.Purpose.PROBE ? PROBE_TTL : order.ttl()),
                order.digest(),
                Optional.empty());
    }

    private JournalEntry entry(String action, Lease lease, String outcome, String detail) {
        return new JournalEntry(
                clock.instant(), actor, action, Optional.of(lease.agent()), Optional.of(lease.id()), outcome, detail);
    }
}
