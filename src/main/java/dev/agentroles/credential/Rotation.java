package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.ledger.Claims;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
            retirements.add(row.lease(), overlap, look.open(), Optional.empty());
            return new Outcome.Current(row.lease(), dueAt(row.lease(), order.ttl(), overlap));
        }
        if (!claim(order)) {
            mustBeAlive(order.agent());
            return new Outcome.Elsewhere();
        }
        // What the server answers with an error may have cost the session, and the claim ends with it.
        try {
            var outcome = claimed(order, overlap, look);
            issuer.tools().ledger().claims().releaseAgent(order.agent());
            return outcome;
        } catch (Failure failure) {
            issuer.tools().ledger().claims().releaseAgent(order.agent());
            throw failure;
        }
    }

    /// Asks the server itself where nothing else says that a new lease is needed.
    private Issuer.Look look(LeaseOrder order, Duration overlap, boolean anyway) throws SQLException {
        var look = issuer.look(order);
        boolean wanted = anyway
                || !(look.standing() instanceof Standing.Live(var row, var _))
                || isDue(order, row.lease(), overlap);
        return wanted ? look : issuer.proven(order, look);
    }

    private boolean claim(LeaseOrder order) throws SQLException {
        var claims = issuer.tools().ledger().claims();
        return claims.claimAgent(order.agent()) || (endLeaseThatClaims(order) && claims.claimAgent(order.agent()));
    }

    /// Any login can take the lock that is the claim. Where an agent's has, its sessions are ended.
    private boolean endLeaseThatClaims(LeaseOrder order) throws SQLException {
        var tools = issuer.tools();
        var outsider = tools.ledger().claims().holder(order.agent()).filter(Claims.Holder::outsider);
        if (outsider.isEmpty()) {
            return false;
        }
        var lease = tools.logins().leaseLogins(order.environment(), order.database()).stream()
                .filter(login -> login.login().value().equals(outsider.get().login()))
                .findFirst();
        if (lease.isEmpty()) {
            return false;
        }
        int ended = tools.logins().release(lease.get().login());
        var why = ended + ", as one of them held the lock that says who rotates " + order.agent();
        tools.ledger()
                .journal()
                .append(tools.entry(
                        "end-sessions", lease.get().agent(), lease.get().lease(), "done", why));
        return true;
    }

    /// A run says something to the server with each step. One that does not may have been lost with its
    /// machine, and its session holds the claim until the server finds out.
    private void mustBeAlive(String agent) throws SQLException {
        var holder = issuer.tools().ledger().claims().holder(agent);
        if (holder.isEmpty()) {
            return;
        }
        var session = "session " + holder.get().session() + " of login "
                + holder.get().login();
        if (holder.get().outsider()) {
            throw Failure.error(Problem.of("agent " + agent + " cannot be rotated: " + session
                            + " holds the lock that says who rotates it, and is no run of agentroles")
                    .remedy("find out why, end that session, then run agentroles rotate again"));
        }
        var silent = holder.get().silent();
        if (silent.compareTo(SILENCE) >= 0) {
            throw Failure.error(Problem.of("agent " + agent + " is not rotated: " + session + " from "
                            + holder.get().machine() + " began to, and has said nothing for " + silent.toSeconds()
                            + " s")
                    .remedy("end that session if its run is lost; the server does after five minutes"));
        }
    }

    private boolean isDue(LeaseOrder order, Lease lease, Duration overlap) {
        return !issuer.tools().now().isBefore(dueAt(lease, order.ttl(), overlap));
    }

    /// Whoever had the claim a moment ago may have done what was to be done: what did not work then works
    /// now, or a lease stands in the ledger that was published after the one we saw.
    private Outcome claimed(LeaseOrder order, Duration overlap, Issuer.Look seen) throws SQLException {
        return switch (seen.standing()) {
            case Standing.Due _ -> {
                var now = issuer.proven(order, issuer.look(order));
                yield now.standing() instanceof Standing.Due(var reason)
                        ? replace(order, overlap, now.current(), reason)
                        : new Outcome.Elsewhere();
            }
            case Standing.Live(var row, var _) ->
                isReplaced(order, row)
                        ? new Outcome.Elsewhere()
                        : replace(order, overlap, seen.current(), why(order, row.lease(), overlap));
        };
    }

    /// Versions do not say which of two came later: they begin anew when a secret was erased, or in another
    /// store.
    private boolean isReplaced(LeaseOrder order, LeaseRow seen) throws SQLException {
        return issuer.tools().ledger().leases().openOf(order.agent()).stream()
                .anyMatch(other -> other.purpose() == LeaseRow.Purpose.AGENT
                        && other.lease().state() == Lease.State.PUBLISHED
                        && other.storePath().equals(seen.storePath())
                        && other.lease().issuedAt().isAfter(seen.lease().issuedAt()));
    }

    private String why(LeaseOrder order, Lease lease, Duration overlap) {
        return isDue(order, lease, overlap) ? "lease " + lease.id() + " was due" : "it was asked for";
    }

    private Outcome replace(LeaseOrder order, Duration overlap, SecretStore.Current current, String why)
            throws SQLException {
        var begun = issuer.tools().entry("rotate", Optional.of(order.agent()), "begun", why);
        return switch (issuer.issue(order, current, List.of(begun))) {
            case Issuer.Outcome.Issued(var lease) ->
                new Outcome.Rotated(lease, why, retireBefore(lease, overlap, "done", why));
            case Issuer.Outcome.Adopted(var lease) -> {
                retireBefore(lease, overlap, "superseded", why);
                yield new Outcome.Elsewhere();
            }
        };
    }

    private List<Lease> retireBefore(Lease newest, Duration overlap, String outcome, String why) throws SQLException {
        var open = issuer.tools().ledger().leases().openOf(newest.agent());
        return retirements.add(
                newest, overlap, open, Optional.of(issuer.tools().entry("rotate", newest, outcome, why)));
    }
}
