package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Secret;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.ledger.LeaseRow;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// A login of an agent for as long as something takes: made like every lease, never published, gone
/// afterwards. One that a crash leaves behind is dropped by the next run, and expires by itself.
///
/// @param purpose of all leases made so
public record PrivateLease(Tools tools, LeaseRow.Purpose purpose) {
    private static final Duration PROBE_TTL = Duration.ofMinutes(2);

    /// What is done with the login.
    @FunctionalInterface
    public interface Trial<R> {
        R as(Lease lease, Secret password) throws SQLException;
    }

    /// A login that only its borrower knows.
    public record Lent(Lease lease, Secret password) {}

    /// @param order for the agent; the ttl does not count for a probe
    public <R> R during(LeaseOrder order, Trial<R> trial) throws SQLException {
        var lent = begin(order);
        try (var _ = (SqlCloseable) () -> end(lent.lease())) {
            return trial.as(lent.lease(), lent.password());
        }
    }

    /// Whoever begins it must [#end] it. While the session lasts, no other run takes it for abandoned.
    public Lent begin(LeaseOrder order) throws SQLException {
        var ttl = purpose == LeaseRow.Purpose.PROBE ? PROBE_TTL : order.ttl();
        var made = maker().make(order, purpose, ttl, word(), List.of());
        return new Lent(made.lease(), made.password());
    }

    /// On whatever session.
    public void end(Lease lease) throws SQLException {
        maker().end(lease, "done", word());
    }

    private LoginMaker maker() {
        return new LoginMaker(tools);
    }

    private String word() {
        return purpose.name().toLowerCase(Locale.ROOT);
    }
}
