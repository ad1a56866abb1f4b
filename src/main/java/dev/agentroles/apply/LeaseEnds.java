package dev.agentroles.apply;

import dev.agentroles.access.Grantee;
import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.credential.Debts;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.credential.LeaseEnd;
import dev.agentroles.credential.Orphans;
import dev.agentroles.credential.StorePath;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.plan.Change;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Ends the leases that a proposal ends, in three goes: before access changes, after it, and when agents have new
/// logins.
final class LeaseEnds {
    private final Run run;
    private final OpenedDatabase database;
    private final Function<String, StorePath> paths;
    private final Predicate<Change.EndLease> gone;

    /// @param paths where an agent's login is published, by agent
    LeaseEnds(Run run, Function<String, StorePath> paths) {
        this.run = run;
        this.database = run.database();
        this.paths = paths;
        this.gone = gone(database, run.proposal());
    }

    /// Leases of agents that are not in the profile any more; without those whose login somebody gave
    /// something, which must be taken away before it can be dropped.
    private static Predicate<Change.EndLease> gone(OpenedDatabase database, Proposal proposal) {
        var agents = database.agents();
        var takenFrom = Stream.concat(
                        proposal.changes(Change.Revoke.class).stream()
                                .map(revoke -> revoke.grant().grantee())
                                .flatMap(grantee ->
                                        grantee instanceof Grantee.Role(var role) ? Stream.of(role) : Stream.of()),
                        proposal.changes(Change.RemoveMembership.class).stream()
                                .map(removal -> removal.membership().member()))
                .collect(Collectors.toSet());
        return end -> !agents.contains(end.agent())
                && !takenFrom.contains(end.login(database.entry().name()));
    }

    /// Those of agents that are gone: what is changed next may have to wait for somebody, and nobody waits for these.
    void beforeAccess() throws SQLException {
        end(gone);
    }

    /// All others, but for those that agents read and the ledger does not know.
    ///
    /// @return the logins of these
    Set<RoleName> afterAccess() throws SQLException {
        return Set.copyOf(end(gone.negate()));
    }

    /// Those that were left, as nobody reads them any more.
    void afterIssue(Set<RoleName> left) throws SQLException {
        end(end -> left.contains(end.login(database.entry().name())));
    }

    /// @return logins that the ledger does not know and that agents read
    private List<RoleName> end(Predicate<Change.EndLease> which) throws SQLException {
        var ends = run.proposal().changes(Change.EndLease.class).stream()
                .filter(which)
                .toList();
        if (ends.isEmpty()) {
            return List.of();
        }
        var entry = database.entry().name();
        var settled = new Orphans(run.tools(), this::isElsewhere, this::path)
                .settle(database.profile().environment(), entry);
        run.pieces().add(settled.failed());
        var published = database.ledger().leases().open().stream()
                .filter(row -> row.lease().state() == Lease.State.PUBLISHED)
                .collect(Collectors.toMap(row -> row.lease().id(), Function.identity()));
        for (var end : ends) {
            var row = published.get(end.lease());
            if (row != null) {
                end(row);
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
    private Optional<StorePath> path(String agent) {
        return Optional.of(agent).filter(database.agents()::contains).map(paths);
    }

    /// The profile may have another path than when it was published.
    private boolean isElsewhere(LeaseRow row) {
        return !row.storePath().equals(paths.apply(row.lease().agent()).value());
    }

    /// One whose time is over, or whose agent is gone. One that was published since the plan was made is not.
    private void end(LeaseRow row) throws SQLException {
        var lease = row.lease();
        boolean agentStays = database.agents().contains(lease.agent());
        if (agentStays && run.tools().now().isBefore(lease.expiresAt())) {
            return;
        }
        run.pieces()
                .attempt("lease " + lease.id() + " cannot be ended", () -> retire(row, agentStays))
                .ifPresent(ended -> run.ended(ended.id()));
    }

    /// The secret of an agent that is gone goes first, so that nobody is handed a login that is about to die.
    private Lease retire(LeaseRow row, boolean agentStays) throws SQLException {
        var why = agentStays ? "its time is over" : "its agent is not in the profile any more";
        if (!agentStays) {
            forget(row.lease(), why);
        }
        return new LeaseEnd(run.tools()).end(row, this::isElsewhere, why);
    }

    private void forget(Lease lease, String why) throws SQLException {
        var tools = run.tools();
        var path = paths.apply(lease.agent());
        var journal = tools.ledger().journal();
        journal.append(tools.entry("erase", lease, "begun", path + ": " + why));
        tools.store().forget(path);
        tools.faults().reached(Point.SECRET_ERASED);
        journal.append(tools.entry("erase", lease, "done", path + ": " + why));
    }
}
