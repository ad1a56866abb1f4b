package dev.agentroles.apply;

import dev.agentroles.engine.Server;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.ledger.Stamp;
import dev.agentroles.plan.Change;
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
import java.util.stream.Stream;

/// Carries out a proposal: under the database's lock, only if it is still the one that was agreed to, the
/// access changes in one transaction, then the leases one by one. Whatever it dies of, running it again
/// finishes the work.
///
/// @param lockTimeout how long to wait for another run, and for each lock inside the database
/// @param progress told what is being done
public record Applier(
        Proposer proposer, Means means, String toolVersion, Duration lockTimeout, Consumer<String> progress) {
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
        run.pieces().add(proposal.leftOut());
        try {
            var access = new AccessRun(run, proposer, lockTimeout);
            var ends = new LeaseEnds(run, proposer.paths());
            ends.beforeAccess();
            access(run, access);
            var left = ends.afterAccess();
            access.dropRoles();
            new IssueRun(run, proposer, progress).issue();
            ends.afterIssue(left);
            return run.outcome();
        } catch (SQLException said) {
            return run.stoppedBy(database.failure(said));
        } catch (Failure failure) {
            return run.stoppedBy(failure);
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

    private void ledger(OpenedDatabase database, Proposal proposal) throws SQLException {
        if (!proposal.changes(Change.MigrateLedger.class).isEmpty()) {
            progress.accept("making the ledger of " + database.entry().name());
            database.ledger().migrate();
        }
        if (!proposal.changes(Change.Stamp.class).isEmpty()) {
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
        revoked.keySet().retainAll(database.agents());
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
}
