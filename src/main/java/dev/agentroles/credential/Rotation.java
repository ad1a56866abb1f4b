package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.problem.Failure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Gives an agent a new lease in time, and lets the one before it end after the overlap. Where what is
/// published does not work any more, there is a new one at once.
///
/// Several runs at once, on several machines: one of them claims the agent and the others leave it alone.
/// Whoever dies in the middle has published nothing or something proven; the predecessor ends when it would
/// have, or when the next run finds that it has been replaced.
public record Rotation(Issuer issuer) {
    /// How it ended.
    public sealed interface Outcome {
        /// @param why a clause
        /// @param retired the leases before it that now end earlier
        record Rotated(Lease lease, String why, List<Lease> retired) implements Outcome {
            public Rotated {
                retired = List.copyOf(retired);
            }
        }

        /// It is not time yet.
        record Current(Lease lease, Instant dueAt) implements Outcome {}

        /// Another run is rotating this agent right now, or has just done so.
        record Elsewhere() implements Outcome {}
    }

    /// When a lease must be replaced: after two thirds of its time, or before the overlap would be cut short;
    /// but never in its first half.
    public static Instant dueAt(Lease lease, Duration overlap) {
        var whole = Duration.between(lease.issuedAt(), lease.expiresAt());
        var half = lease.issuedAt().plus(whole.dividedBy(2));
        var thirds = lease.issuedAt().plus(whole.multipliedBy(2).dividedBy(3));
        var before = lease.expiresAt().minus(overlap);
        var wanted = before.isBefore(thirds) ? before : thirds;
        return wanted.isBefore(half) ? half : wanted;
    }

    /// @param anyway also where it is not time yet
    public Outcome rotate(LeaseOrder order, Duration overlap, boolean anyway) throws SQLException {
        var standing = issuer.standing(order);
        if (standing instanceof Standing.Live(var row, var _) && !anyway && !isDue(row.lease(), overlap)) {
            retireBefore(order, row.lease(), overlap);
            return new Outcome.Current(row.lease(), dueAt(row.lease(), overlap));
        }
        if (!issuer.ledger().leases().claimAgent(order.agent())) {
            return new Outcome.Elsewhere();
        }
        // What the server answers with an error may have cost the session, and the claim ends with it.
        try {
            var outcome = claimed(order, overlap, standing);
            issuer.ledger().leases().releaseAgent(order.agent());
            return outcome;
        } catch (Failure failure) {
            issuer.ledger().leases().releaseAgent(order.agent());
            throw failure;
        }
    }

    private boolean isDue(Lease lease, Duration overlap) {
        return !issuer.clock().instant().isBefore(dueAt(lease, overlap));
    }

    /// Whoever had the claim a moment ago may have done what was to be done: a lease then stands in the
    /// ledger that was published after the one we saw.
    private Outcome claimed(LeaseOrder order, Duration overlap, Standing standing) throws SQLException {
        boolean mended = standing instanceof Standing.Due && isLiveByNow(order);
        if (mended || isReplaced(order, standing)) {
            return new Outcome.Elsewhere();
        }
        var why = switch (standing) {
            case Standing.Due(var reason) -> reason;
            case Standing.Live(var row, var _) ->
                isDue(row.lease(), overlap)
                        ? "lease " + row.lease().id() + " ends at "
                                + row.lease().expiresAt()
                        : "it was asked for";
        };
        issuer.ledger().journal().append(entry(order, "begun", Optional.empty(), why));
        return switch (issuer.issue(order)) {
            case Issuer.Outcome.Issued(var lease) -> {
                var retired = retireBefore(order, lease, overlap);
                issuer.ledger().journal().append(entry(order, "done", Optional.of(lease.id()), why));
                yield new Outcome.Rotated(lease, why, retired);
            }
            case Issuer.Outcome.Adopted(var lease) -> {
                retireBefore(order, lease, overlap);
                issuer.ledger().journal().append(entry(order, "superseded", Optional.of(lease.id()), why));
                yield new Outcome.Elsewhere();
            }
        };
    }

    private boolean isReplaced(LeaseOrder order, Standing standing) throws SQLException {
        if (!(standing instanceof Standing.Live(var row, var version))) {
            return false;
        }
        return issuer.ledger().leases().openOf(order.agent()).stream()
                .anyMatch(other -> !other.lease().id().equals(row.lease().id())
                        && other.lease().storeVersion().orElse(0L) > version);
    }

    private boolean isLiveByNow(LeaseOrder order) throws SQLException {
        return issuer.standing(order) instanceof Standing.Live;
    }

    /// The leases that were published before another end an overlap after that one began: the same moment for
    /// every run that gets to say so.
    private List<Lease> retireBefore(LeaseOrder order, Lease newest, Duration overlap) throws SQLException {
        var end = newest.issuedAt().plus(overlap);
        var ledger = issuer.ledger();
        var retired = new ArrayList<Lease>();
        for (var row : ledger.leases().openOf(order.agent())) {
            if (isBefore(row, newest) && row.lease().expiresAt().isAfter(end)) {
                var lease = row.lease();
                var entry = new JournalEntry(
                        issuer.clock().instant(),
                        issuer.actor(),
                        "retire",
                        Optional.of(lease.agent()),
                        Optional.of(lease.id()),
                        "done",
                        "ends at " + end + ", as lease " + newest.id() + " took its place");
                boolean there = !issuer.logins().working(List.of(lease.login())).isEmpty();
                var statements = there ? issuer.logins().expireLogin(lease.login(), end) : List.<String>of();
                ledger.leases().shorten(lease.id(), end, statements, entry);
                issuer.faults().reached(Point.PREDECESSOR_SHORTENED);
                retired.add(lease);
            }
        }
        return retired;
    }

    private static boolean isBefore(LeaseRow row, Lease newest) {
        return row.purpose() == LeaseRow.Purpose.AGENT
                && row.lease().state() == Lease.State.PUBLISHED
                && !row.lease().id().equals(newest.id())
                && !row.lease().issuedAt().isAfter(newest.issuedAt());
    }

    private JournalEntry entry(LeaseOrder order, String outcome, Optional<String> lease, String detail) {
        return new JournalEntry(
                issuer.clock().instant(), issuer.actor(), "rotate", Optional.of(order.agent()), lease, outcome, detail);
    }
}
