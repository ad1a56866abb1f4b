package dev.agentroles.credential;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.ledger.Owed;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Clears away what is over in one database and in the store: sessions and logins of leases that have ended,
/// logins that nobody was told of, secrets without a login, sessions that last too long. Each by itself: what
/// cannot be done now hinders nothing else, and is tried again by the next run.
public record Reaper(Tools tools) {
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
        var pieces = new Pieces(tools.ledger());
        finishStops(premises, pieces);
        var ended = end(premises, pieces);
        int sessions = endLongSessions(longest, pieces);
        var orphans = pieces.attempt("what other runs left behind cannot be settled", () -> settleOrphans(premises))
                .orElse(Orphans.Settled.NOTHING);
        pieces.add(orphans.failed());
        if (!ended.isEmpty() || !orphans.dropped().isEmpty()) {
            pieces.attempt("prepared transactions cannot be looked for", () -> Stop.prepared(tools.logins(), premises))
                    .ifPresent(pieces::add);
        }
        var debts = new Debts(tools, premises.home()).settle();
        pieces.add(debts.failed());
        var erased = eraseDeadSecrets(premises, pieces);
        return new Reaped(
                ended,
                orphans.dropped(),
                sessions,
                erased,
                debts.settled(),
                tools.ledger().owed().all(),
                pieces.failed().stream().distinct().toList());
    }

    /// A freeze or revocation that died after it was recorded.
    private void finishStops(Premises premises, Pieces pieces) throws SQLException {
        var frozen = tools.ledger().look() instanceof LedgerState.Present present
                && present.freeze().isPresent();
        var revoked = tools.ledger().stops().revocations().keySet();
        boolean open = tools.logins().leaseLogins(premises.environment(), premises.database()).stream()
                .anyMatch(login -> login.enabled() && (frozen || revoked.contains(login.agent())));
        if (!open) {
            pieces.attempt(
                    "a restore of the database would make the ledger forget its stops, and nothing would tell", () -> {
                        mark(premises, frozen, revoked);
                        return revoked;
                    });
            return;
        }
        var stop = new Stop(tools);
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

    /// Stops that died before that, or are older than it.
    private void mark(Premises premises, boolean frozen, Set<String> revoked) throws SQLException {
        if (frozen) {
            tools.logins().markStopped(premises.environment(), premises.database(), Optional.empty(), tools.now());
        }
        for (var agent : revoked) {
            tools.logins().markStopped(premises.environment(), premises.database(), Optional.of(agent), tools.now());
        }
    }

    private List<Lease> end(Premises premises, Pieces pieces) throws SQLException {
        var closed = tools.logins().leaseLogins(premises.environment(), premises.database()).stream()
                .filter(login -> !login.enabled())
                .map(LeaseLogin::lease)
                .collect(Collectors.toSet());
        var ended = new ArrayList<Lease>();
        for (var row : tools.ledger().leases().open()) {
            var lease = row.lease();
            boolean over = !tools.now().isBefore(lease.expiresAt());
            boolean wanted = !over && !closed.contains(lease.id());
            if (wanted || isIssuing(lease, over)) {
                continue;
            }
            var why = over ? "it expired at " + lease.expiresAt() : "it was closed";
            pieces.attempt(
                            "login " + lease.login() + " cannot be dropped",
                            () -> new LeaseEnd(tools).end(row, premises::isElsewhere, why),
                            failure -> owe(lease, failure))
                    .ifPresent(ended::add);
        }
        return ended;
    }

    /// One that is in the middle of being issued is left to its session, until it is over.
    private boolean isIssuing(Lease lease, boolean over) throws SQLException {
        return !over
                && lease.state() == Lease.State.ISSUED
                && tools.ledger().claims().isLeaseClaimed(lease.id());
    }

    private void owe(Lease lease, Failure failure) throws SQLException {
        var login = lease.login().value();
        tools.ledger().owed().owe(Owed.Work.DROP_LOGIN, lease.agent(), login, tools.now());
        tools.ledger()
                .journal()
                .append(List.of(
                        tools.entry(
                                "end",
                                lease,
                                "failed",
                                failure.problems().getFirst().what()),
                        tools.entry("settle", Optional.of(lease.agent()), "begun", Owed.Work.DROP_LOGIN.of(login))));
    }

    private int endLongSessions(Map<String, Duration> longest, Pieces pieces) throws SQLException {
        if (longest.isEmpty()) {
            return 0;
        }
        int sessions = 0;
        var byAgent = tools.ledger().leases().open().stream()
                .collect(Collectors.groupingBy(
                        row -> row.lease().agent(),
                        Collectors.mapping(row -> row.lease().login(), Collectors.toList())));
        for (var bound : longest.entrySet()) {
            var agent = bound.getKey();
            sessions += pieces.attempt(
                            "sessions of " + agent + " cannot be ended",
                            () -> endLongSessions(agent, byAgent.getOrDefault(agent, List.of()), bound.getValue()))
                    .orElse(0);
            tools.faults().reached(Point.SESSIONS_ENDED);
        }
        return sessions;
    }

    private int endLongSessions(String agent, List<RoleName> of, Duration longest) throws SQLException {
        int ended = tools.logins().endSessions(of, tools.now().minus(longest));
        if (ended > 0) {
            tools.ledger()
                    .journal()
                    .append(tools.entry(
                            "end-sessions", Optional.of(agent), "done", ended + " that lasted longer than " + longest));
        }
        return ended;
    }

    private Orphans.Settled settleOrphans(Premises premises) throws SQLException {
        Function<String, Optional<StorePath>> paths =
                agent -> Optional.ofNullable(premises.paths().get(agent));
        return new Orphans(tools, premises::isElsewhere, paths).settle(premises.environment(), premises.database());
    }

    /// What stands in the store for this database and does not work: its login is gone, its agent is no
    /// longer in the profile, or somebody edited it. Secrets of other databases are theirs to judge.
    private List<StorePath> eraseDeadSecrets(Premises premises, Pieces pieces) throws SQLException {
        var own =
                premises.paths().entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
        var paths = pieces.attempt(
                        "dead secrets cannot be looked for", () -> tools.store().list(premises.folder()))
                .orElse(List.of());
        var erased = new ArrayList<StorePath>();
        Function<StorePath, String> whose = path -> own.getOrDefault(path, path.value());
        new StoreRound<>(tools, pieces, path -> path, whose).each(paths, (reading, piece) -> {
            var path = reading.path();
            var agent = Optional.ofNullable(own.get(path));
            var done =
                    piece.attempt("secret " + path + " cannot be erased", () -> eraseIfDead(premises, reading, agent));
            done.filter(dead -> dead).ifPresent(_ -> erased.add(path));
            return done.isPresent();
        });
        return erased;
    }

    /// @param agent whose secret stands there by the profile
    /// @return whether it was dead and is erased
    private boolean eraseIfDead(Premises premises, Readings.Reading<StorePath> reading, Optional<String> agent)
            throws SQLException {
        var path = reading.path();
        var current = reading.current();
        if (current.held().isEmpty()) {
            return false;
        }
        var held = current.held().get().secret();
        boolean ours = agent.isPresent() || premises.names(held);
        var open = tools.ledger().leases().openOf(agent.orElse(held.agent()));
        if (!ours
                || Standing.isOfAnother(premises.home(), current, open, tools.now())
                || !isDead(premises, held, agent)) {
            return false;
        }
        tools.ledger().journal().append(erasure(held, path, "begun"));
        tools.store().erase(path, current.version());
        tools.faults().reached(Point.SECRET_ERASED);
        tools.ledger().journal().append(erasure(held, path, "done"));
        return true;
    }

    /// Read after the secret was: a lease that is published is in the ledger before, so one that is not there
    /// is none; or the ledger was put back and has forgotten it.
    private boolean isDead(Premises premises, LeaseSecret held, Optional<String> agent) throws SQLException {
        var rows = tools.ledger().leases().openOf(agent.orElse(held.agent()));
        var row = rows.stream()
                .filter(candidate -> candidate.lease().id().equals(held.lease()))
                .findFirst();
        if (row.isEmpty()) {
            return agent.isEmpty() || !isLetIn(premises, held);
        }
        var login = row.get().lease().login();
        return !tools.now().isBefore(row.get().lease().expiresAt())
                || !login.value().equals(held.username())
                || tools.logins().working(Set.of(login)).isEmpty();
    }

    /// Its mark may have gone back with the ledger, and it works all the same.
    private boolean isLetIn(Premises premises, LeaseSecret held) throws SQLException {
        var leases = tools.logins().leases(premises.environment(), premises.database());
        return leases.unmarked().contains(new RoleName(held.username()))
                || leases.marked().stream().anyMatch(login -> login.enabled() && held.isOf(login));
    }

    private JournalEntry erasure(LeaseSecret held, StorePath path, String outcome) {
        return tools.entry("erase", held.agent(), held.lease(), outcome, path + ": its login does not work any more");
    }
}
