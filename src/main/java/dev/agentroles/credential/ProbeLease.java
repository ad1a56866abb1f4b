package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.engine.Logins;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Ledger;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// A login of an agent for as long as a trial takes: made like every lease, never published, gone afterwards. One
/// that a crash leaves behind expires by itself, and the next run drops it as an orphan.
///
/// @param clock the server's
public record ProbeLease(Ledger ledger, Logins logins, Mint mint, InstantSource clock, Actor actor) {
    private static final Duration TTL = Duration.ofMinutes(2);

    /// What is done with the login.
    @FunctionalInterface
    public interface Trial<R> {
        R as(RoleName login, Secret password) throws SQLException;
    }

    /// @param order for the agent; its ttl does not count
    public <R> R during(LeaseOrder order, Trial<R> trial) throws SQLException {
        var password = mint.password();
        var lease = lease(order);
        var mark = new Mark(order.environment(), order.database(), new Mark.Kind.LeaseLogin(order.agent(), lease.id()));
        var terms = new Logins.LoginTerms(order.agentRole(), mark.text(), order.connections(), order.bounds());
        ledger.leases()
                .issue(
                        new LeaseRow(lease, order.path().value()),
                        logins.createLogin(lease, terms, password),
                        entry("probe", lease, "done", "expires at " + lease.expiresAt()));
        try {
            return trial.as(lease.login(), password);
        } finally {
            logins.dropLogin(lease.login());
            ledger.leases().ended(lease.id(), clock.instant(), entry("end", lease, "done", "probe"));
            ledger.leases().release(lease.id());
        }
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
                now.plus(TTL),
                order.digest(),
                Optional.empty());
    }

    private JournalEntry entry(String action, Lease lease, String outcome, String detail) {
        return new JournalEntry(
                clock.instant(), actor, action, Optional.of(lease.agent()), Optional.of(lease.id()), outcome, detail);
    }
}
