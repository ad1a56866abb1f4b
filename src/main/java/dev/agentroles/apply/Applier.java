package dev.agentroles.apply;

import dev.agentroles.access.Grantee;
import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.credential.Debts;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.credential.Issuer;
import dev.agentroles.credential.LeaseEnd;
import dev.agentroles.credential.Orphans;
import dev.agentroles.credential.StorePath;
import dev.agentroles.credential.Tools;
import dev.agentroles.engine.Server;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Stamp;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Step;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.workspace.Means;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Carries out a proposal: under the database's lock, only if it is still the one that was agreed to, the
/// access changes in one transaction, then the leases one by one. Whatever it dies of, running it again
/// finishes the work.
///
/// @param lockTimeout how long to wait for another run, and for each lock inside the database
/// @param progress told what is being done
public record Applier(
        Proposer proposer, Means means, String toolVersion, Duration lockTimeout, Consumer<String> progress) {
    private static final String AGAIN = "run the same command again";

    /// @param agreed the fingerprint of the plan that somebody has seen and agreed to; empty: whatever the
    /// profile asks for by now, as after another run that came first
    /// @throws Failure refused, if the plan is no longer that one
    public Outcome apply(OpenedDatabase database, Optional<String> agreed) throws SQLException {
        var server = database.server();
        if (!server.lock(lockTimeout)) {
            throw Failure.error(Problem.of("another run of agentroles is working on database "
                            + database.entry().name()
                            + server.lockHolder().map(holder -> ": " + holder).orElse(""))
                    .remedy("run again when it has ended, or wait longer with --lock-timeout; a login that is not"
                            + " agentroles can hold this lock, too: then end its session,"
                            + " or roll back what it prepared"));
        }
        try (var _ = (SqlCloseable) () -> unlock(server)) {
            var state = database.look();
            database.guard(state).mayGive();
            var forgotten = database.forgottenStops();
            forgotten.mayGive();
            var proposal = proposer.propose(database);
            agreed.ifPresent(fingerprint -> same(database, fingerprint, proposal));
            var obstacles = proposal.obstacles();
            if (!obstacles.isEmpty()) {
                throw new Failure(Exit.ERROR, obstacles);
            }
            var withheld = Stream.concat(forgotten.problems().stream(), proposal.refused().stream())
                    .toList();
            return proposal.plan().empty()
                    ? new Outcome(proposal, List.of(), List.of(), withheld)
                    : carryOut(database, proposal, withheld);
        }
    }

    /// The lock of a session that is lost is gone with it.
    private static void unlock(Server server) {
        try {
            server.unlock();
        } catch (SQLException lost) {
            return;
        }
    }

    private static void same(OpenedDatabase database, String agreed, Proposal proposal) {
        var fingerprint = proposal.plan().fingerprint();
        if (!fingerprint.equals(agreed)) {
            throw Failure.refused(Problem.of("database " + database.entry().name()
                            + " changed since the plan was shown: it was " + agreed + " and is " + fingerprint)
                    .remedy("look at the new plan"));
        }
    }

    /// @param withheld why agents are issued nothing
    private Outcome carryOut(OpenedDatabase database, Proposal proposal, List<Problem> withheld) throws SQLException {
        ledger(database, proposal);
        var run = new Run(database, proposal, means.on(database, proposer.store()));
        run.pieces().add(withheld);
        try {
            var access = new AccessRun(run, proposer, lockTimeout);
            // What is changed may have to wait for somebody, and nobody waits for who has gone.
            var gone = gone(database, proposal);
            end(run, gone);
            access(run, access);
            var read = end(run, gone.negate());
            access.dropRoles();
            issue(run);
            // Nobody reads them any more.
            end(run, end -> read.contains(end.login(database.entry().name())));
            return run.outcome();
        } catch (SQLException said) {
            return run.stoppedBy(database.failure(said));
        } catch (Failure failure) {
            return run.stoppedBy(failure);
        }
    }

    /// Leases of agents that are not in the profile any more; without those whose login somebody gave
    /// something, which must be taken away before it can be dropped.
    private static Predicate<Change.EndLease> gone(OpenedDatabase database, Proposal proposal) {
        var agents = Proposer.agents(database);
        var takenFrom = Stream.concat(
                        changes(proposal, Change.Revoke.class).stream()
                                .map(revoke -> revoke.grant().grantee())
                                .flatMap(grantee ->
                                        grantee instanceof Grantee.Role(var role) ? Stream.of(role) : Stream.of()),
                        changes(proposal, Change.RemoveMembership.class).stream()
                                .map(removal -> removal.membership().member()))
                .collect(Collectors.toSet());
        return end -> !agents.contains(end.agent())
                && !takenFrom.contains(end.login(database.entry().name()));
    }

    private void access(Run run, AccessRun access) throws SQLException {
        if (!access.statements().isEmpty()) {
            var what = access.statements().size() + (access.statements().size() == 1 ? " statement" : " statements")
                    + ", plan " + run.proposal().plan().fingerprint();
            progress.accept("changing " + run.proposal().database() + ": " + what);
            access.change(what);
        }
    }

    private void ledger(OpenedDatabase database, Proposal proposal) throws SQLException {
        if (!changes(proposal, Change.MigrateLedger.class).isEmpty()) {
            progress.accept("making the ledger of " + database.entry().name());
            database.ledger().migrate();
        }
        if (!changes(proposal, Change.Stamp.class).isEmpty()) {
            // Before the stamp, which says that it is done.
            takeOverRevocations(database);
            var identity = database.server().identity();
            database.ledger()
                    .stamp(new Stamp(
                            database.profile().environment(),
                            database.entry().name(),
                            identity.identifier(),
                            identity.database(),
                            means.clock().instant(),
                            toolVersion));
            // Another environment may have been faster: the stamp that stands decides.
            database.guard(database.look()).mayGive();
        }
    }

    /// Whom somebody revoked before there was a ledger here to say so.
    private void takeOverRevocations(OpenedDatabase database) throws SQLException {
        var revoked = new TreeMap<>(proposer.revoked().get());
        revoked.keySet().retainAll(Proposer.agents(database));
        if (revoked.isEmpty()) {
            return;
        }
        var tools = means.on(database, proposer.store());
        var stops = database.ledger().stops();
        for (var revocation : revoked.entrySet()) {
            var agent = revocation.getKey();
            var why = "as on other databases of the profile: "
                    + revocation.getValue().why();
            stops.revoke(agent, revocation.getValue(), tools.entry("revoke", Optional.of(agent), "done", why));
        }
    }

    /// @return logins that the ledger does not know and that agents read
    private List<RoleName> end(Run run, Predicate<Change.EndLease> which) throws SQLException {
        var ends = changes(run.proposal(), Change.EndLease.class).stream()
                .filter(which)
                .toList();
        if (ends.isEmpty()) {
            return List.of();
        }
        var database = run.database();
        var entry = database.entry().name();
        var settled = new Orphans(run.tools(), this::isElsewhere, agent -> path(database, agent))
                .settle(database.profile().environment(), entry);
        run.pieces().add(settled.failed());
        var published = database.ledger().leases().open().stream()
                .filter(row -> row.lease().state() == Lease.State.PUBLISHED)
                .collect(Collectors.toMap(row -> row.lease().id(), Function.identity()));
        for (var end : ends) {
            var row = published.get(end.lease());
            if (row != null) {
                end(run, row);
            } else if (settled.forgotten().contains(end.lease())
                    || settled.dropped().contains(end.login(entry))) {
                run.ended(end.lease());
            }
            // Else it is left to the session that is issuing it, or failed to be settled.
        }
        if (published.values().stream().anyMatch(this::isElsewhere)) {
            run.pieces().add(new Debts(run.tools(), database.home()).settle().failed());
        }
        return settled.read();
    }

    /// Where an agent of the profile finds its login.
    private Optional<StorePath> path(OpenedDatabase database, String agent) {
        return Optional.of(agent).filter(Proposer.agents(database)::contains).map(proposer.paths());
    }

    /// The profile may have another path than when it was published.
    private boolean isElsewhere(LeaseRow row) {
        return !row.storePath()
                .equals(proposer.paths().apply(row.lease().agent()).value());
    }

    /// One whose time is over, or whose agent is gone. One that was published since the plan was made is not.
    private void end(Run run, LeaseRow row) throws SQLException {
        var lease = row.lease();
        boolean agentStays = Proposer.agents(run.database()).contains(lease.agent());
        if (agentStays && run.tools().now().isBefore(lease.expiresAt())) {
            return;
        }
        run.pieces()
                .attempt("lease " + lease.id() + " cannot be ended", () -> retire(run, row, agentStays))
                .ifPresent(ended -> run.ended(ended.id()));
    }

    /// The secret of an agent that is gone goes first, so that nobody is handed a login that is about to die.
    private Lease retire(Run run, LeaseRow row, boolean agentStays) throws SQLException {
        var why = agentStays ? "its time is over" : "its agent is not in the profile any more";
        if (!agentStays) {
            forget(run.tools(), row.lease(), why);
        }
        return new LeaseEnd(run.tools()).end(row, this::isElsewhere, why);
    }

    private void forget(Tools tools, Lease lease, String why) throws SQLException {
        var path = proposer.paths().apply(lease.agent());
        var journal = tools.ledger().journal();
        journal.append(tools.entry("erase", lease, "begun", path + ": " + why));
        tools.store().forget(path);
        tools.faults().reached(Point.SECRET_ERASED);
        journal.append(tools.entry("erase", lease, "done", path + ": " + why));
    }

    private void issue(Run run) throws SQLException {
        var database = run.database();
        for (var issue : changes(run.proposal(), Change.IssueLease.class)) {
            var agent = issue.agent();
            progress.accept(
                    "issuing a lease for " + agent + " on " + database.entry().name());
            run.pieces().attempt("no login can be issued for " + agent, AGAIN, () -> issue(run, agent));
        }
    }

    private Issuer.Outcome issue(Run run, String agent) throws SQLException {
        var order = LeaseOrders.of(run.database(), run.proposal(), proposer.paths(), agent);
        var outcome = new Issuer(run.tools()).issueIfDue(order);
        switch (outcome) {
            case Issuer.Outcome.Issued(var lease) -> run.issued(lease);
            case Issuer.Outcome.Adopted(var lease) ->
                progress.accept("lease " + lease.id() + " is published for " + agent + " and works");
        }
        return outcome;
    }

    private static <C extends Change> List<C> changes(Proposal proposal, Class<C> kind) {
        return proposal.plan().steps().stream()
                .map(Step::change)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
