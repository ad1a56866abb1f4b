package dev.agentroles.apply;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.Standing;
import dev.agentroles.credential.StorePath;
import dev.agentroles.engine.Logins;
import dev.agentroles.ledger.Journal;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.problem.Problem;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One look at the agents of a database to which something was applied.
final class StatusReader {
    private final OpenedDatabase database;
    private final LedgerState.Present state;
    private final Instant now;
    private final List<LeaseRow> open;
    private final Set<RoleName> working;
    private final Map<RoleName, Integer> sessions;
    private final Map<String, StoppedBy> revoked;

    /// @param now by the server's clock
    StatusReader(OpenedDatabase database, LedgerState.Present state, Instant now) throws SQLException {
        this.database = database;
        this.state = state;
        this.now = now;
        this.open = database.ledger().leases().open();
        var logins = open.stream().map(row -> row.lease().login()).toList();
        this.working = database.server().logins().working(logins);
        this.sessions = database.server().logins().sessions(logins);
        this.revoked = database.ledger().stops().revocations();
    }

    /// @param paths where each agent's login is published
    AgentStatus read(SecretStore store, Function<String, StorePath> paths) throws SQLException {
        var published = Published.read(readers(), store, paths);
        var ledger = database.ledger();
        return new AgentStatus(
                database.entry().name(),
                database.profile().environment(),
                true,
                now,
                state.freeze(),
                AgentStatus.rows(database, revoked, leases(current(published))),
                ledger.owed().all(),
                problems(published),
                prepared(),
                state.keepsChanges() ? ledger.changes().undecided() : 0,
                ledger.journal().newest(Journal.VERIFY));
    }

    /// The agents that nobody stopped. What an agent that was taken out of the profile reads tells whether its end has
    /// begun.
    private List<String> readers() {
        return Stream.concat(
                        database.agents().stream(),
                        open.stream().map(row -> row.lease().agent()))
                .distinct()
                .filter(agent -> !isStopped(agent))
                .toList();
    }

    private boolean isStopped(String agent) {
        return state.freeze().isPresent() || revoked.containsKey(agent);
    }

    /// @param current the leases that agents read
    private List<AgentStatus.OpenLease> leases(Set<String> current) {
        return open.stream()
                .map(row -> new AgentStatus.OpenLease(
                        row.lease(),
                        row.purpose(),
                        current.contains(row.lease().id()),
                        working.contains(row.lease().login()),
                        sessions.getOrDefault(row.lease().login(), 0)))
                .toList();
    }

    /// Of each agent the lease that the store holds; where nobody could read or was to read it, the newest that
    /// went there, as every one before was written over.
    private Set<String> current(Published published) {
        return open.stream()
                .filter(row -> row.purpose() == LeaseRow.Purpose.AGENT)
                .map(LeaseRow::lease)
                .filter(lease -> lease.state() == Lease.State.PUBLISHED && !isStopped(lease.agent()))
                .collect(Collectors.groupingBy(Lease::agent))
                .entrySet()
                .stream()
                .flatMap(agent -> current(
                        agent.getValue(),
                        Optional.ofNullable(published.byAgent().get(agent.getKey()))))
                .collect(Collectors.toSet());
    }

    private static Stream<String> current(List<Lease> leases, Optional<SecretStore.Current> store) {
        return store.isPresent()
                ? store.get().held().stream().map(held -> held.secret().lease())
                : leases.stream().max(Comparator.comparing(Lease::issuedAt)).map(Lease::id).stream();
    }

    private List<Problem> problems(Published published) {
        var problems = new ArrayList<>(published.problems());
        open.stream()
                .map(LeaseRow::lease)
                .filter(lease -> working.contains(lease.login()) && !now.isBefore(lease.expiresAt()))
                .forEach(lease -> problems.add(stillWorks(lease)));
        var agents = database.agents();
        published.byAgent().forEach((agent, current) -> {
            if (agents.contains(agent)
                    && Standing.of(current, agent, open, working, now) instanceof Standing.Due(var why)) {
                problems.add(noLogin(agent, why));
            }
        });
        return problems;
    }

    private Problem stillWorks(Lease lease) {
        return Problem.of("login " + lease.login() + " of agent " + lease.agent() + " on "
                        + database.entry().name() + " still works, and its lease is over since " + lease.expiresAt())
                .remedy("run agentroles reap, which ends it or says what is in the way");
    }

    private Problem noLogin(String agent, String why) {
        return Problem.of("agent " + agent + " on " + database.entry().name() + " has no login that works: " + why)
                .remedy("run agentroles rotate, or agentroles apply if it never had one");
    }

    /// Whoever has no right to see them hears so of `verify`.
    private List<Logins.PreparedTransaction> prepared() throws SQLException {
        try {
            return database.server().logins().preparedTransactions();
        } catch (SQLException refused) {
            if (database.engine().refusesForWantOfRight(refused)) {
                return List.of();
            }
            throw refused;
        }
    }
}
