package dev.agentroles.apply;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Naming;
import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.Issuer;
import dev.agentroles.credential.Mint;
import dev.agentroles.credential.Orphans;
import dev.agentroles.credential.Pieces;
import dev.agentroles.credential.Tools;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.Stamp;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Step;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Carries out a proposal: under the database's lock, only if it is still the one that was agreed to, the
/// access changes in one transaction, then the leases one by one. Whatever it dies of, running it again
/// finishes the work.
///
/// @param operator who runs this, for the journal: `alice@runner-7`
/// @param lockTimeout how long to wait for another run, and for each lock inside the database
/// @param progress told what is being done
public record Applier(
        Proposer proposer,
        Mint mint,
        InstantSource clock,
        String operator,
        String toolVersion,
        Duration lockTimeout,
        FaultPoints faults,
        Consumer<String> progress) {
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
                            + " agentroles can hold this lock, too: then end its session"));
        }
        try (var _ = (SqlCloseable) server::unlock) {
            var state = database.look();
            database.guard(state).mayGive();
            var proposal = proposer.propose(database);
            agreed.ifPresent(fingerprint -> same(database, fingerprint, proposal));
            var obstacles = proposal.obstacles();
            if (!obstacles.isEmpty()) {
                throw new Failure(Exit.ERROR, obstacles);
            }
            return proposal.plan().empty()
                    ? new Outcome(proposal, List.of(), List.of(), List.of())
                    : carryOut(database, proposal);
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

    private Outcome carryOut(OpenedDatabase database, Proposal proposal) throws SQLException {
        ledger(database, proposal);
        var run = new Run(
                database, proposal, new Actor(database.server().identity().user(), operator), database.clock(clock));
        var changed = new AtomicBoolean();
        try {
            var access = new AccessRun(run, proposer, lockTimeout, () -> changed.set(true));
            access(run, access);
            return leases(run, access);
        } catch (SQLException said) {
            if (changed.get()) {
                // Running again does the rest.
                throw new Failure(
                        Exit.PARTIAL, database.failure(said).problems().getFirst(), said);
            }
            throw said;
        }
    }

    private void access(Run run, AccessRun access) throws SQLException {
        if (!access.statements().isEmpty()) {
            var what = access.statements().size() + (access.statements().size() == 1 ? " statement" : " statements")
                    + ", plan " + run.proposal().plan().fingerprint();
            progress.accept("changing " + run.proposal().database() + ": " + what);
            access.change(what);
        }
    }

    private Outcome leases(Run run, AccessRun access) throws SQLException {
        var database = run.database();
        var proposal = run.proposal();
        var failed = new ArrayList<Problem>();
        var ended = end(run, failed);
        access.dropRoles();
        failed.addAll(access.failed());
        var issued = new ArrayList<Lease>();
        for (var issue : changes(proposal, Change.IssueLease.class)) {
            progress.accept("issuing a lease for " + issue.agent() + " on "
                    + database.entry().name());
            issue(run, issue.agent(), issued, failed);
        }
        return new Outcome(proposal, issued, ended, failed);
    }

    /// @param clock the server's
    record Run(OpenedDatabase database, Proposal proposal, Actor actor, InstantSource clock) {
        void begun(String action, Optional<String> agent, Optional<String> lease, String detail) throws SQLException {
            database.ledger()
                    .journal()
                    .append(new JournalEntry(clock.instant(), actor, action, agent, lease, "begun", detail));
        }

        JournalEntry done(String action, Optional<String> agent, Optional<String> lease, String detail) {
            return new JournalEntry(clock.instant(), actor, action, agent, lease, "done", detail);
        }

        /// Of the changes of access, which are no single agent's.
        JournalEntry changes(String outcome, String detail) {
            return new JournalEntry(
                    clock.instant(), actor, "apply", Optional.empty(), Optional.empty(), outcome, detail);
        }
    }

    private void ledger(OpenedDatabase database, Proposal proposal) throws SQLException {
        if (!changes(proposal, Change.MigrateLedger.class).isEmpty()) {
            progress.accept("making the ledger of " + database.entry().name());
            database.ledger().migrate();
        }
        if (!changes(proposal, Change.Stamp.class).isEmpty()) {
            var identity = database.server().identity();
            database.ledger()
                    .stamp(new Stamp(
                            database.profile().environment(),
                            database.entry().name(),
                            identity.identifier(),
                            identity.database(),
                            clock.instant(),
                            toolVersion));
            // Another environment may have been faster: the stamp that stands decides.
            database.guard(database.look()).mayGive();
        }
    }

    private List<String> end(Run run, List<Problem> failed) throws SQLException {
        var ends = changes(run.proposal(), Change.EndLease.class);
        if (ends.isEmpty()) {
            return List.of();
        }
        var database = run.database();
        var orphans = new Orphans(new Tools(
                database.ledger(), database.server().logins(), proposer.store(), run.clock(), run.actor(), faults));
        var settled = orphans.settle(
                database.profile().environment(), database.entry().name());
        failed.addAll(settled.failed());
        var published = database.ledger().leases().open().stream()
                .map(LeaseRow::lease)
                .filter(lease -> lease.state() == Lease.State.PUBLISHED)
                .map(Lease::id)
                .collect(Collectors.toSet());
        var agents = Proposer.agents(database);
        var pieces = new Pieces(database.ledger());
        var ended = new ArrayList<String>();
        for (var end : ends) {
            // What was not published is settled, or left to the session that is issuing it.
            if (published.contains(end.lease())) {
                pieces.attempt("lease " + end.lease() + " cannot be ended", () -> retire(run, end, agents))
                        .ifPresent(ended::add);
            } else {
                ended.add(end.lease());
            }
        }
        failed.addAll(pieces.failed());
        return ended;
    }

    /// Ends a login whose time is over, or whose agent is gone; the latter's secret goes first, so that
    /// nobody is handed a login that is about to die.
    private String retire(Run run, Change.EndLease end, Set<String> agents) throws SQLException {
        boolean agentStays = agents.contains(end.agent());
        var why = agentStays ? "its time is over" : "its agent is not in the profile any more";
        run.begun("end", Optional.of(end.agent()), Optional.of(end.lease()), why);
        if (!agentStays) {
            proposer.store().forget(proposer.paths().apply(end.agent()));
        }
        var database = run.database();
        database.server().logins().dropLogin(Naming.leaseLogin(database.entry().name(), end.agent(), end.lease()));
        database.ledger()
                .leases()
                .ended(
                        end.lease(),
                        run.clock().instant(),
                        run.done("end", Optional.of(end.agent()), Optional.of(end.lease()), why));
        return end.lease();
    }

    private void issue(Run run, String agent, List<Lease> issued, List<Problem> failed) throws SQLException {
        var issuer = new Issuer(
                run.database().ledger(),
                run.database().server().logins(),
                proposer.store(),
                mint,
                run.clock(),
                run.actor(),
                faults);
        try {
            switch (issuer.issue(LeaseOrders.of(run.database(), run.proposal(), proposer.paths(), agent))) {
                case Issuer.Outcome.Issued(var lease) -> issued.add(lease);
                case Issuer.Outcome.Adopted(var lease) ->
                    progress.accept("another run has just published lease " + lease.id() + " for " + agent);
            }
        } catch (Failure failure) {
            failed.addAll(failure.problems());
        }
    }

    private static <C extends Change> List<C> changes(Proposal proposal, Class<C> kind) {
        return proposal.plan().steps().stream()
                .map(Step::change)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
