package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.ledger.Claims;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Gives an agent a new lease in time, and lets the one before it end after the overlap. Where what is
/// published does not work any more, there is a new one at once.
///
/// Several runs at once, on several machines: one of them claims the agent and the others leave it alone.
/// Whoever dies in the middle has published nothing or something proven; the predecessor ends when it would
/// have, or when the next run finds that it has been replaced.
///
/// @param retirements takes the leases that have been replaced, for the caller to settle
public record Rotation(Issuer issuer, Retirements retirements) {
    /// A store is asked between two words to the server, and given up sooner.
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /// How often the claim is asked for while nobody is seen to have it.
    private static final int CLAIMS = 5;

    /// How it ended.
    public sealed interface Outcome {
        /// @param why a clause
        /// @param retired the leases before it that end earlier now, with the end they have now
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
    ///
    /// @param ttl that the profile gives now: a lease that was given more is due as if it had not been
    public static Instant dueAt(Lease lease, Duration ttl, Duration overlap) {
        var given = Duration.between(lease.issuedAt(), lease.expiresAt());
        var whole = given.compareTo(ttl) < 0 ? given : ttl;
        var half = lease.issuedAt().plus(whole.dividedBy(2));
        var thirds = lease.issuedAt().plus(whole.multipliedBy(2).dividedBy(3));
        var before = lease.issuedAt().plus(whole).minus(overlap);
        var wanted = before.isBefore(thirds) ? before : thirds;
        return wanted.isBefore(half) ? half : wanted;
    }

    /// @param anyway also where it is not time yet
    public Outcome rotate(LeaseOrder order, Duration overlap, boolean anyway) throws SQLException {
        var look = look(order, overlap, anyway);
        if (look.standing() instanceof Standing.Live(var row, var _)
                && !anyway
                && !isDue(order, row.lease(), overlap)) {
            if (retirements.wanted(row.lease(), overlap, look.open()) && isStillHeld(order, row.lease())) {
                retirements.add(row.lease(), overlap, look.open(), Optional.empty());
            }
            return new Outcome.Current(row.lease(), dueAt(row.lease(), order.ttl(), overlap));
        }
        if (isAnothers(order.agent())) {
            return new Outcome.Elsewhere();
        }
        // Where the session is lost, the claim ends with it, and what came first is not hidden.
        try (var _ = (SqlCloseable) () -> issuer.tools().ledger().claims().releaseAgent(order.agent())) {
            return claimed(order, overlap, look);
        }
    }

    /// Issues a lease if as things are now one is due: what was planned may not all have been done.
    public Issuer.Outcome issueIfDue(LeaseOrder order, Duration overlap) throws SQLException {
        var look = issuer.look(order);
        if (look.standing() instanceof Standing.Live(var row, var _)) {
            return new Issuer.Outcome.Adopted(row.lease());
        }
        var outcome = issuer.issue(order, look.current(), List.of());
        if (outcome instanceof Issuer.Outcome.Issued(var lease)) {
            retirements.add(lease, overlap, before(look, lease), Optional.empty());
        }
        return outcome;
    }

    /// Asks the server itself where nothing else says that a new lease is needed.
    private Issuer.Look look(LeaseOrder order, Duration overlap, boolean anyway) throws SQLException {
        var look = issuer.look(order);
        boolean wanted = anyway
                || !(look.standing() instanceof Standing.Live(var row, var _))
                || isDue(order, row.lease(), overlap);
        return wanted ? look : issuer.proven(order, look);
    }

    /// Asks for the claim. Any login can take the lock that it is: whoever is no run of ours is not waited
    /// for. Two runs that rotate the same agent get in each other's way at the store only, and one of them
    /// drops its login.
    ///
    /// @return whether a run of ours has it
    private boolean isAnothers(String agent) throws SQLException {
        var claims = issuer.tools().ledger().claims();
        for (int attempt = 1; attempt <= CLAIMS; attempt++) {
            if (claims.claimAgent(agent)) {
                return false;
            }
            var holder = claims.holder(agent);
            if (holder.isPresent() && holder.get().outsider()) {
                unclaimed(agent, holder.get());
                return false;
            }
            if (holder.isPresent()) {
                mustBeAlive(agent, holder.get());
                return true;
            }
        }
        return false;
    }

    private void unclaimed(String agent, Claims.Holder holder) throws SQLException {
        var what = holder + " holds the lock that says who rotates it, and is no run of agentroles";
        issuer.tools().ledger().journal().append(issuer.tools().entry("rotate", Optional.of(agent), "unclaimed", what));
    }

    /// A run says something to the server with each step. One that does not may have been lost with its
    /// machine, and its session holds the claim until the server finds out.
    private static void mustBeAlive(String agent, Claims.Holder holder) {
        if (holder.silent().compareTo(SILENCE) >= 0) {
            throw Failure.error(Problem.of("agent " + agent + " is not rotated: " + holder + " from "
                            + holder.machine() + " began to, and has said nothing for "
                            + holder.silent().toSeconds() + " s")
                    .remedy("end that session if its run is lost; the server does after five minutes"));
        }
    }

    private boolean isDue(LeaseOrder order, Lease lease, Duration overlap) {
        return !issuer.tools().now().isBefore(dueAt(lease, order.ttl(), overlap));
    }

    /// What stands in the ledger was published before what the store still holds.
    private boolean isStillHeld(LeaseOrder order, Lease lease) {
        return issuer.tools()
                .store()
                .read(order.path())
                .held()
                .filter(held -> held.secret().lease().equals(lease.id()))
                .isPresent();
    }

    /// Whoever had the claim a moment ago may have done what was to be done: what did not work then works
    /// now, or the ledger has a lease that was not published when we looked.
    private Outcome claimed(LeaseOrder order, Duration overlap, Issuer.Look seen) throws SQLException {
        return switch (seen.standing()) {
            case Standing.Due _ -> {
                var now = issuer.proven(order, issuer.look(order));
                yield now.standing() instanceof Standing.Due(var reason)
                        ? replace(order, overlap, now, reason)
                        : new Outcome.Elsewhere();
            }
            case Standing.Live(var row, var _) ->
                isReplaced(order, row, seen.open())
                        ? new Outcome.Elsewhere()
                        : replace(order, overlap, seen, why(order, row.lease(), overlap));
        };
    }

    /// Neither the server's clock, which goes back when a standby takes over, nor the versions of a secret,
    /// which begin anew when it was erased, say which of two came later.
    private boolean isReplaced(LeaseOrder order, LeaseRow seen, List<LeaseRow> before) throws SQLException {
        var known = ids(before);
        return issuer.tools().ledger().leases().openOf(order.agent()).stream()
                .filter(row -> isPublished(row) && row.storePath().equals(seen.storePath()))
                .anyMatch(row -> !known.contains(row.lease().id()));
    }

    private static Set<String> ids(List<LeaseRow> open) {
        return open.stream()
                .filter(Rotation::isPublished)
                .map(row -> row.lease().id())
                .collect(Collectors.toSet());
    }

    private static boolean isPublished(LeaseRow row) {
        return row.purpose() == LeaseRow.Purpose.AGENT && row.lease().state() == Lease.State.PUBLISHED;
    }

    private String why(LeaseOrder order, Lease lease, Duration overlap) {
        return isDue(order, lease, overlap) ? "lease " + lease.id() + " was due" : "it was asked for";
    }

    /// @param seen before: all that was published then has been replaced when this is done
    private Outcome replace(LeaseOrder order, Duration overlap, Issuer.Look seen, String why) throws SQLException {
        var begun = issuer.tools().entry("rotate", Optional.of(order.agent()), "begun", why);
        return switch (issuer.issue(order, seen.current(), List.of(begun))) {
            case Issuer.Outcome.Issued(var lease) ->
                new Outcome.Rotated(lease, why, retire(seen, lease, overlap, "done", why));
            case Issuer.Outcome.Adopted(var lease) -> {
                retire(seen, lease, overlap, "superseded", why);
                yield new Outcome.Elsewhere();
            }
        };
    }

    private List<Lease> retire(Issuer.Look seen, Lease newest, Duration overlap, String outcome, String why)
            throws SQLException {
        return retirements.add(
                newest,
                overlap,
                before(seen, newest),
                Optional.of(issuer.tools().entry("rotate", newest, outcome, why)));
    }

    /// What was published when we looked, without what has ended meanwhile.
    private List<LeaseRow> before(Issuer.Look seen, Lease newest) throws SQLException {
        var known = ids(seen.open());
        return issuer.tools().ledger().leases().openOf(newest.agent()).stream()
                .filter(row -> known.contains(row.lease().id()))
                .toList();
    }
}
