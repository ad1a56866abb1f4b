package dev.agentroles.apply;

import static java.util.Objects.requireNonNull;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Lease;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.credential.Readings;
import dev.agentroles.credential.Standing;
import dev.agentroles.engine.Inspection;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Reason;
import dev.agentroles.plan.Step;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Which leases are to be issued and which to be ended, so that each agent that nobody stopped has one login that
/// works. Logins whose time is over come and go by the minute and let nobody in: they are left to `reap`. Reads, and
/// writes nothing.
final class LeaseSteps {
    /// More logins than this are counted, not named.
    private static final int NAMED = 3;

    /// @param over logins that are left to `reap`
    /// @param refused why agents are issued nothing that should be
    /// @param notices what is told of the logins that stay
    record Found(List<Step> steps, Set<RoleName> over, List<Problem> refused, List<Problem> notices) {}

    private final Proposer proposer;
    private final OpenedDatabase database;
    private final List<LeaseRow> open;
    private final Instant now;
    private final Map<String, Standing> standings = new LinkedHashMap<>();
    private final SortedSet<RoleName> over = new TreeSet<>();
    private final List<Problem> refused = new ArrayList<>();

    private LeaseSteps(Proposer proposer, OpenedDatabase database, List<LeaseRow> open, Instant now) {
        this.proposer = proposer;
        this.database = database;
        this.open = open;
        this.now = now;
    }

    /// @param state of the ledger
    /// @param desired what the database is to be
    static Found of(
            Proposer proposer, OpenedDatabase database, LedgerState state, Inspection inspection, AccessState desired)
            throws SQLException {
        var leases = state instanceof LedgerState.Present present
                ? new LeaseSteps(
                        proposer,
                        database,
                        database.ledger().leases().open(),
                        present.clock(proposer.clock()).instant())
                : new LeaseSteps(proposer, database, List.of(), proposer.clock().instant());
        var revoked = new HashSet<String>();
        if (state instanceof LedgerState.Present) {
            revoked.addAll(database.ledger().stops().revocations().keySet());
        }
        if (!OpenedDatabase.isStamped(state)) {
            revoked.addAll(proposer.revoked().get().keySet());
        }
        var steps = new ArrayList<>(leases.issues(inspection, desired, revoked));
        steps.addAll(leases.ends(inspection.leaseLogins()));
        var notices = new ArrayList<>(leases.formerTerms(inspection.leaseLogins()));
        leases.leftToReap().ifPresent(notices::add);
        return new Found(steps, leases.over, leases.refused, notices);
    }

    private List<Step> issues(Inspection inspection, AccessState desired, Set<String> revoked) throws SQLException {
        var logins = inspection.leaseLogins().stream()
                .filter(LeaseLogin::enabled)
                .map(LeaseLogin::login)
                .collect(Collectors.toSet());
        var forgotten = database.forgottenStops().stops().agents();
        var entry = database.entry().name();
        var urls = inspection.agentUrls(database.target().agentUrls(), desired);
        var steps = new ArrayList<Step>();
        for (var reading : new Readings<>(
                proposer.store()::read,
                database.profile().agentsOf(entry),
                agent -> proposer.paths().apply(agent.name()))) {
            var agent = reading.of();
            var current = reading.current();
            var standing = Standing.of(current, agent.name(), open, logins, now);
            standings.put(agent.name(), standing);
            if (revoked.contains(agent.name()) || forgotten.contains(agent.name())) {
                continue;
            }
            // Whoever may write there alone must not keep the others from theirs.
            if (Standing.isOfAnother(database.home(), current, open, now)) {
                var act = "nothing is issued to agent " + agent.name() + " on " + entry + ": ";
                refused.add(Standing.ofAnother(act, database.home(), reading.path(), current));
                continue;
            }
            var agentUrls = urls.apply(Naming.agentRole(entry, agent.name()));
            if (standing.told(current, agentUrls, database.profile().tiersOf(agent, entry))
                    instanceof Standing.Due(var why)) {
                steps.add(new Step(new Change.IssueLease(agent.name()), Reason.of(why, agent.at())));
            }
        }
        return steps;
    }

    private List<Step> ends(List<LeaseLogin> logins) throws SQLException {
        var known = open.stream().collect(Collectors.toMap(row -> row.lease().login(), LeaseRow::lease));
        var busy = busy();
        var overdue = overdue();
        var steps = new ArrayList<Step>();
        for (var login : stillThere(logins, known.keySet())) {
            if (!busy.contains(login.lease())) {
                ending(login, Optional.ofNullable(known.get(login.login())), overdue)
                        .ifPresent(why ->
                                steps.add(new Step(new Change.EndLease(login.agent(), login.lease()), Reason.of(why))));
            }
        }
        return steps;
    }

    /// Logins that the server still lets in although `reap` should have been there since their lease ended.
    private Set<RoleName> overdue() throws SQLException {
        var late = open.stream()
                .map(LeaseRow::lease)
                .filter(lease -> !now.isBefore(lease.expiresAt().plus(LeaseLogin.REAPED_WITHIN)))
                .map(Lease::login)
                .toList();
        return late.isEmpty() ? Set.of() : database.server().logins().working(late);
    }

    /// The ledger is read after the server: a login that it does not know may have ended in between.
    private List<LeaseLogin> stillThere(List<LeaseLogin> logins, Set<RoleName> known) throws SQLException {
        if (logins.stream().map(LeaseLogin::login).allMatch(known::contains)) {
            return logins;
        }
        var there =
                database
                        .server()
                        .logins()
                        .leaseLogins(
                                database.profile().environment(),
                                database.entry().name())
                        .stream()
                        .map(LeaseLogin::login)
                        .collect(Collectors.toSet());
        return logins.stream()
                .filter(login -> known.contains(login.login()) || there.contains(login.login()))
                .toList();
    }

    /// Leases that another session is just issuing, or keeps for a program: theirs to end. A claim is given
    /// back with the end or the publication, so the ledger is read once more where there is no claim any
    /// more.
    private Set<String> busy() throws SQLException {
        var busy = new HashSet<String>();
        var unclaimed = new HashSet<String>();
        for (var row : open) {
            var lease = row.lease();
            if (lease.state() == Lease.State.ISSUED) {
                (database.ledger().claims().isLeaseClaimed(lease.id()) ? busy : unclaimed).add(lease.id());
            }
        }
        if (!unclaimed.isEmpty()) {
            for (var row : database.ledger().leases().open()) {
                if (row.lease().state() == Lease.State.ISSUED) {
                    unclaimed.remove(row.lease().id());
                }
            }
            busy.addAll(unclaimed);
        }
        return busy;
    }

    /// Why a login is to go, a clause. One that is over and lets nobody in is left to `reap`.
    ///
    /// @param lease by the ledger
    private Optional<String> ending(LeaseLogin login, Optional<Lease> lease, Set<RoleName> overdue) {
        if (lease.isEmpty()) {
            return Optional.of("the ledger does not know it");
        }
        var standing = standings.get(login.agent());
        if (standing == null) {
            return Optional.of("agent " + login.agent() + " is not in the profile");
        }
        var end = lease.get().expiresAt();
        if (overdue.contains(login.login())) {
            return Optional.of("it expired at " + end + ", and the server still lets it in");
        }
        if (!now.isBefore(end)) {
            over.add(login.login());
            return Optional.empty();
        }
        boolean published = standing instanceof Standing.Live(var row, var _)
                && row.lease().id().equals(lease.get().id());
        return lease.get().state() == Lease.State.ISSUED && !published
                ? Optional.of("it was issued and never published")
                : Optional.empty();
    }

    private Optional<Problem> leftToReap() {
        if (over.isEmpty()) {
            return Optional.empty();
        }
        var names = over.stream().limit(NAMED).map(RoleName::value).collect(Collectors.joining(", "));
        var more = over.size() > NAMED ? " and " + (over.size() - NAMED) + " more" : "";
        return Optional.of(Problem.of((over.size() == 1
                                ? "a login whose lease is over is"
                                : over.size() + " logins whose leases are over are")
                        + " left to reap: " + names + more)
                .remedy("agentroles reap " + Shell.word(database.profile().source()) + ", best every few minutes"));
    }

    private List<Problem> formerTerms(List<LeaseLogin> logins) {
        var byName = logins.stream().collect(Collectors.toMap(LeaseLogin::login, Function.identity(), (one, _) -> one));
        var profile = database.profile();
        var notices = new ArrayList<Problem>();
        standings.forEach((name, standing) -> {
            if (standing instanceof Standing.Live(var row, var _)) {
                var lease = row.lease();
                var agent = requireNonNull(profile.agents().get(name));
                Optional.ofNullable(byName.get(lease.login()))
                        .flatMap(login -> FormerTerms.of(profile.source(), agent, lease, login))
                        .ifPresent(notices::add);
            }
        });
        return notices;
    }
}
