package dev.agentroles.apply;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Naming;
import dev.agentroles.credential.FaultPoints;
import dev.agentroles.credential.Issuer;
import dev.agentroles.credential.LeaseOrder;
import dev.agentroles.credential.Mint;
import dev.agentroles.credential.Orphans;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.ledger.Stamp;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Step;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Carries out a proposal: under the database's lock, only if it is still the one that was agreed to, the access
/// changes
/// in one transaction, then the leases one by one. Whatever it dies of, running it again finishes the work.
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
    /// @param accepted what was shown and agreed to
    /// @throws Failure refused, if the database is no longer as it was then
    public Outcome apply(OpenedDatabase database, Proposal accepted) throws SQLException {
        var server = database.server();
        if (!server.lock(lockTimeout)) {
            throw Failure.error(Problem.of("another run of agentroles is working on database "
                            + database.entry().name())
                    .remedy("run again when it has ended, or wait longer with --lock-timeout"));
        }
        try {
            var state = database.look();
            database.guard(state).mayGive();
            var proposal = proposer.propose(database);
            if (!proposal.plan().fingerprint().equals(accepted.plan().fingerprint())) {
                throw Failure.refused(Problem.of("database " + database.entry().name()
                                + " changed since the plan was shown: it was "
                                + accepted.plan().fingerprint()
                                + " and is " + proposal.plan().fingerprint())
                        .remedy("look at the new plan"));
            }
            var obstacles = proposal.obstacles();
            if (!obstacles.isEmpty()) {
                throw new Failure(dev.agentroles.problem.Exit.ERROR, obstacles);
            }
            return proposal.plan().empty()
                    ? new Outcome(proposal, List.of(), List.of(), List.of())
                    : carryOut(database, proposal);
        } finally {
            server.unlock();
        }
    }

    private Outcome carryOut(OpenedDatabase database, Proposal proposal) throws SQLException {
        var actor = new Actor(database.server().identity().user(), operator);
        ledger(database, proposal);
        var statements = proposal.rendering().statements();
        if (!statements.isEmpty()) {
            progress.accept("changing " + database.entry().name() + ": " + statements.size() + " statements");
            database.server().execute(statements, lockTimeout);
            journal(
                    database,
                    actor,
                    "apply",
                    statements.size() + " statements, plan " + proposal.plan().fingerprint());
        }
        var ended = end(database, proposal, actor);
        var issued = new ArrayList<Lease>();
        var failed = new ArrayList<Problem>();
        for (var agent : agents(proposal)) {
            progress.accept(
                    "issuing a lease for " + agent + " on " + database.entry().name());
            issue(database, proposal, actor, agent, issued, failed);
        }
        return new Outcome(proposal, issued, ended, failed);
    }

    private void ledger(OpenedDatabase database, Proposal proposal) throws SQLException {
        var changes = proposal.plan().steps().stream().map(Step::change).toList();
        if (changes.stream().anyMatch(Change.MigrateLedger.class::isInstance)) {
            progress.accept("making the ledger of " + database.entry().name());
            database.ledger().migrate();
        }
        if (changes.stream().anyMatch(Change.Stamp.class::isInstance)) {
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

    private List<String> end(OpenedDatabase database, Proposal proposal, Actor actor) throws SQLException {
        var ends = proposal.plan().steps().stream()
                .map(Step::change)
                .filter(Change.EndLease.class::isInstance)
                .map(Change.EndLease.class::cast)
                .toList();
        if (ends.isEmpty()) {
            return List.of();
        }
        var orphans = new Orphans(
                database.ledger(), database.server(), proposer.store(), serverClock(database), actor, faults);
        orphans.settle(database.profile().environment(), database.entry().name());
        var agents = Proposer.agents(database);
        for (var end : ends) {
            retire(database, actor, end, agents.contains(end.agent()));
        }
        return ends.stream().map(Change.EndLease::lease).toList();
    }

    /// Ends a login whose time is over, or whose agent is gone; the latter's secret goes first, so that nobody is
    /// handed a
    /// login that is about to die.
    private void retire(OpenedDatabase database, Actor actor, Change.EndLease end, boolean agentStays)
            throws SQLException {
        if (!agentStays) {
            proposer.store().forget(proposer.paths().apply(end.agent()));
        }
        var login = Naming.leaseLogin(database.entry().name(), end.agent(), end.lease());
        database.server().dropLogin(login);
        var now = serverClock(database).instant();
        database.ledger()
                .leases()
                .ended(
                        end.lease(),
                        now,
                        new JournalEntry(
                                now, actor, "end", Optional.of(end.agent()), Optional.of(end.lease()), "done", ""));
    }

    private void issue(
            OpenedDatabase database,
            Proposal proposal,
            Actor actor,
            String agent,
            List<Lease> issued,
            List<Problem> failed)
            throws SQLException {
        var issuer = new Issuer(
                database.ledger(), database.server(), proposer.store(), mint, serverClock(database), actor, faults);
        try {
            switch (issuer.issue(order(database, proposal, agent))) {
                case Issuer.Outcome.Issued(var lease) -> issued.add(lease);
                case Issuer.Outcome.Adopted(var lease) ->
                    progress.accept("another run has just published lease " + lease.id() + " for " + agent);
            }
        } catch (Failure failure) {
            failed.addAll(failure.problems());
        }
    }

    private LeaseOrder order(OpenedDatabase database, Proposal proposal, String name) {
        var profile = database.profile();
        var entry = database.entry().name();
        var agent = Objects.requireNonNull(profile.agents().get(name), name);
        var tiers = agent.access().stream()
                .filter(access -> profile.scopeOf(access).database().equals(entry))
                .map(access -> access.scope() + ":" + access.tier().word())
                .collect(Collectors.joining(" "));
        Profile.LeaseTerms terms = agent.lease();
        return new LeaseOrder(
                profile.environment(),
                entry,
                name,
                tiers,
                agent.owner().orElse(""),
                database.target().url(),
                proposer.paths().apply(name),
                Objects.requireNonNull(proposal.digests().get(name), name),
                terms.ttl(),
                terms.connections(),
                terms.bounds());
    }

    private static List<String> agents(Proposal proposal) {
        return proposal.plan().steps().stream()
                .map(Step::change)
                .filter(Change.IssueLease.class::isInstance)
                .map(change -> ((Change.IssueLease) change).agent())
                .toList();
    }

    private InstantSource serverClock(OpenedDatabase database) throws SQLException {
        return database.look() instanceof LedgerState.Present present ? present.clock(clock) : clock;
    }

    private void journal(OpenedDatabase database, Actor actor, String action, String detail) throws SQLException {
        database.ledger()
                .journal()
                .append(new JournalEntry(
                        serverClock(database).instant(),
                        actor,
                        action,
                        Optional.empty(),
                        Optional.empty(),
                        "done",
                        detail));
    }
}
