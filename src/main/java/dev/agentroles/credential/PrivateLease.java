package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Secret;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Ledger;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

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
        var maker = new LoginMaker(ledger, logins, mint, clock, actor, faults);
        var made = maker.make(
                order, purpose, purpose == LeaseRow.Purpose.PROBE ? PROBE_TTL : order.ttl(), word(), List.of());
        var lease = made.lease();
        try (var _ = (SqlCloseable) () -> end(maker, lease)) {
            return trial.as(lease, made.password());
        }
    }

    private void end(LoginMaker maker, Lease lease) throws SQLException {
        ledger.journal().append(maker.entry("end", lease, "begun", word()));
        maker.end(lease, "done", word());
    }

    private String word() {
        return purpose.name().toLowerCase(Locale.ROOT);
    }
}
