package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.engine.Logins;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.Ledger;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.ledger.Owed;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Clears away what is over in one database and in the store: sessions and logins of leases that have ended,
/// logins that nobody was told of, secrets without a login, sessions that last too long. Each by itself: what
/// cannot be done now hinders nothing else, and is tried again by the next run.
///
/// @param clock the server's
public record Reaper(
        Ledger ledger, Logins logins, SecretStore store, InstantSource clock, Actor actor, FaultPoints faults) {
    /// What was done.
    ///
    /// @param ended leases whose login is gone
    /// @param orphans logins that nobody was told of, or that the ledger did not know
    /// @param sessions that lasted too long
    /// @param erased paths of secrets without a login that works
    /// @param settled what was owed
    /// @param owed what still is
    /// @param failed what could not be done
    public record Reaped(
            List<Lease> ended,
            List<RoleName> orphans,
            int sessions,
            List<StorePath> erased,
            List<Owed> settled,
            List<Owed> owed,
            List<Problem> failed) {
        public Reaped {
            ended = List.copyOf(ended);
            orphans = List.copyOf(orphans);
            erased = List.copyOf(erased);
            settled = List.copyOf(settled);
            owed = List.copyOf(owed);
            failed = List.copyOf(failed);
        }
    }

    /// @param longest how long a session may last, by agent; without those that may last
    public Reaped reap(Premises premises, Map<String, Duration> longest) throws SQLException {
        var pieces = new Pieces(ledger);
        finishStops(premises, pieces);
        var ended = end(premises, pieces);
        int sessions = endLongSessions(longest, pieces);
        var orphans = pieces.attempt("what other runs left behind cannot be settled", () -> settleOrphans(premises))
                .orElse(Orphans.Settled.NOTHING);
        pieces.add(orphans.failed());
        if (!ended.isEmpty() || !orphans.dropped().isEmpty()) {
            pieces.attempt("prepared transactions cannot be looked for", () -> Stop.prepared(logins, premises))
                    .ifPresent(pieces::add);
        }
        var debts = new Debts(ledger, logins, store, clock, actor, faults).settle();
        pieces.add(debts.failed());
        var erased = pieces.attempt("dead secrets cannot be erased", () -> eraseDeadSecrets(premises))
                .orElse(List.of());
        return new Reaped(
                ended,
                orphans.dropped(),
                sessions,
                erased,
                debts.settled(),
                ledger.owed().all(),
                pieces.failed().stream().distinct().toList());
    }

    /// A freeze or revocation that died after it was recorded.
    private void finishStops(Premises premises, Pieces pieces) throws SQLException {
        var frozen = ledger.look() instanceof LedgerState.Present present
                && present.freeze().isPresent();
        var revoked = ledger.stops().revocations().keySet();
        boolean open = logins.leaseLogins(premises.environment(), premises.database()).stream()
                .anyMatch(login -> login.enabled() && (frozen || revoked.contains(login.agent())));
        if (!open) {
            return;
        }
        var stop = new Stop(ledger, logins, store, clock, actor, faults);
        if (frozen) {
            pieces.attempt("the freeze cannot be finished", () -> stop.stop(premises, Optional.empty()))
                    .ifPresent(stopped -> pieces.add(stopped.failed()));
            return;
        }
        for (var agent : revoked) {
            pieces.attempt(
                            "the revocation of " + agent + " cannot be finished",
                            () -> stop.stop(premises, Optional.of(agent)))
                    .ifPresent(stopped -> pieces.add(stopped.failed()));
        }
    }

    private List<Lease> end(Premises premises, Pieces pieces) throws SQLException {
        var closed = logins.leaseLogins(premises.environment(), premises.database()).stream()
                .filter(login -> !login.enabled())
                .map(LeaseLogin::lease)
                .collect(Collectors.toSet());
        var ended = new ArrayList<Lease>();
        for (var row : ledger.leases().open()) {
            var lease = row.lease();
            boolean over = !clock.instant().isBefore(lease.expiresAt());
            boolean wanted = !over && !closed.contains(lease.id());
            if (wanted || isIssuing(lease, over)) {
                continue;
            }
            var why = over ? "it expired at " + lease.expiresAt() : "it was closed";
            pieces.attempt(
                            "login " + lease.login() + " cannot be dropped",
                            () -> end(lease, why),
                            failure -> owe(lease, failure))
                    .ifPresent(ended::add);
        }
        return ended;
    }

    /// One that is in the middle of being issued is left to its session, until it is over.
    private boolean isIssuing(Lease lease, boolean over) throws SQLException {
        return !over && lease.state() == Lease.State.ISSUED && ledger.claims().isLeaseClaimed(lease.id());
    }

    private void owe(Lease lease, Failure failure) throws SQLException {
        ledger.owed().owe(Owed.Work.DROP_LOGIN, lease.agent(), lease.login().value(), clock.instant());
        ledger.journal()
                .append(entry(
                        "end", lease, "failed", failure.problems().getFirst().what()));
    }

    private Lease end(Lease lease, String why) throws SQLException {
        ledger.journal().append(entry("end", lease, "begun", why));
        logins.dropLogin(lease.login());
        faults.reached(Point.LOGIN_DROPPED);
        ledger.leases().ended(lease.id(), clock.instant(), entry("end", lease, "done", why));
        faults.reached(Point.END_RECORDED);
        return lease;
    }

    private int endLongSessions(Map<String, Duration> longest, Pieces pieces) throws SQLException {
        if (longest.isEmpty()) {
            return 0;
        }
        int sessions = 0;
        var byAgent = ledger.leases().open().stream()
                .collect(Collectors.groupingBy(
                        row -> row.lease().agent(),
                        Collectors.mapping(row -> row.lease().login(), Collectors.toList())));
        for (var bound : longest.entrySet()) {
            var agent = bound.getKey();
            sessions += pieces.attempt(
                            "sessions of " + agent + " cannot be ended",
                            () -> endLongSessions(agent, byAgent.getOrDefault(agent, List.of()), bound.getValue()))
                    .orElse(0);
            faults.reached(Point.SESSIONS_ENDED);
        }
        return sessions;
    }

    private int endLongSessions(String agent, List<RoleName> of, Duration longest) throws SQLException {
        int ended = logins.endSessions(of, clock.instant().minus(longest));
        if (ended > 0) {
            ledger.journal()
                    .append(new JournalEntry(
                            clock.instant(),
                            actor,
                            "end-sessions",
                            Optional.of(agent),
                            Optional.empty(),
                            "done",
                            ended + " that lasted longer than " + longest));
        }
        return ended;
    }

    private Orphans.Settled settleOrphans(Premises premises) throws SQLException {
        return new Orphans(ledger, logins, store, clock, actor, faults)
                .settle(premises.environment(), premises.database());
    }

    /// What stands in the store for this database and does not work: its login is gone, its agent is no
    /// longer in the profile, or somebody edited it. Secrets of other databases are theirs to judge.
    private List<StorePath> eraseDeadSecrets(Premises premises) throws SQLException {
        var erased = new ArrayList<StorePath>();
        var own =
                premises.paths().entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
        var candidates = new HashSet<>(store.list(premises.folder()));
        for (var path : candidates.stream().sorted().toList()) {
            var current = store.read(path);
            if (current.held().isEmpty()) {
                continue;
            }
            var held = current.held().get().secret();
            if ((own.containsKey(path) || premises.names(held)) && isDead(held, Optional.ofNullable(own.get(path)))) {
                ledger.journal().append(erasure(held, path, "begun"));
                store.erase(path, current.version());
                faults.reached(Point.SECRET_ERASED);
                ledger.journal().append(erasure(held, path, "done"));
                erased.add(path);
            }
        }
        return erased;
    }

    /// Read after the secret was: a lease that is published is in the ledger before, so one that is not there
    /// is none.
    private boolean isDead(LeaseSecret held, Optional<String> agent) throws SQLException {
        var rows = ledger.leases().openOf(agent.orElse(held.agent()));
        var row = rows.stream()
                .filter(candidate -> candidate.lease().id().equals(held.lease()))
                .findFirst();
        if (row.isEmpty()) {
            return true;
        }
        var login = row.get().lease().login();
        return !clock.instant().isBefore(row.get().lease().expiresAt())
                || !login.value().equals(held.username())
                || logins.working(Set.of(login)).isEmpty();
    }

    private JournalEntry erasure(LeaseSecret held, StorePath path, String outcome) {
        return new JournalEntry(
                clock.instant(),
                actor,
                "erase",
                Optional.of(held.agent()),
                Optional.of(held.lease()),
                outcome,
                path + ": its login does not work any more");
    }

    private JournalEntry entry(String action, Lease lease, String outcome, String detail) {
        return new JournalEntry(
                clock.instant(), actor, action, Optional.of(lease.agent()), Optional.of(lease.id()), outcome, detail);
    }
}
