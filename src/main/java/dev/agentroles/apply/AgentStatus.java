package dev.agentroles.apply;

import dev.agentroles.access.Lease;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.StorePath;
import dev.agentroles.engine.Logins;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.ledger.Owed;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.problem.Problem;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Result;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How the agents of one database stand, by its ledger, by the server and by what the store holds for them.
///
/// @param database the entry's name in the profile
/// @param now by the server's clock
/// @param applied whether there is a ledger at all
/// @param owed work that could not be done yet
/// @param problems what agents read and does not work, and what of the store could not be read
/// @param prepared transactions that outlive their sessions
/// @param undecided change requests that wait for a person
/// @param verified who last verified it and what they found, where the end of the journal says so
public record AgentStatus(
        String database,
        String environment,
        boolean applied,
        Instant now,
        Optional<StoppedBy> freeze,
        List<Row> rows,
        List<Owed> owed,
        List<Problem> problems,
        List<Logins.PreparedTransaction> prepared,
        int undecided,
        Optional<JournalEntry> verified) {
    public AgentStatus {
        rows = List.copyOf(rows);
        owed = List.copyOf(owed);
        problems = List.copyOf(problems);
        prepared = List.copyOf(prepared);
    }

    /// @param tiers empty: the profile gives the agent nothing here, and the next apply ends what it has
    /// @param revoked who stopped the agent, if somebody did
    /// @param leases that are not over, oldest first; several while a rotation overlaps
    public record Row(String agent, Optional<String> tiers, Optional<StoppedBy> revoked, List<OpenLease> leases) {
        public Row {
            leases = List.copyOf(leases);
        }

        /// Whether the agent neither has anything here nor is to have.
        boolean isNothing() {
            return tiers.isEmpty() && leases.isEmpty();
        }
    }

    /// @param purpose what it was issued for
    /// @param published whether it is the one that the agent reads, by the ledger
    /// @param works whether the server has its login and lets it log in
    /// @param sessions that it has open
    public record OpenLease(Lease lease, LeaseRow.Purpose purpose, boolean published, boolean works, int sessions) {}

    /// Nobody logs in for it: a password that an agent has changed itself is found by `rotate`.
    ///
    /// @param paths where each agent's login is published
    public static AgentStatus of(
            OpenedDatabase database, SecretStore store, Function<String, StorePath> paths, InstantSource clock)
            throws SQLException {
        var state = database.look();
        var now = database.clock(clock).instant();
        return state instanceof LedgerState.Present present
                ? new StatusReader(database, present, now).read(store, paths)
                : nothingApplied(database, now);
    }

    /// Whoever is revoked is so in the ledger of every database. Where it has nothing that is told only if no other
    /// tells it: nothing was applied yet where the agent belongs, or that could not be reached.
    public static List<Result<AgentStatus>> together(List<Result<AgentStatus>> results) {
        var told = results.stream()
                .flatMap(result -> result instanceof Result.Done<AgentStatus>(var _, var status)
                        ? status.rows().stream()
                        : Stream.<Row>empty())
                .filter(row -> row.revoked().isPresent() && !row.isNothing())
                .map(Row::agent)
                .collect(Collectors.toSet());
        return results.stream()
                .map(result -> result instanceof Result.Done<AgentStatus>(var name, var status)
                        ? new Result.Done<>(name, status.without(told))
                        : result)
                .toList();
    }

    private AgentStatus without(Set<String> told) {
        return new AgentStatus(
                database,
                environment,
                applied,
                now,
                freeze,
                rows.stream()
                        .filter(row -> !(row.isNothing() && told.contains(row.agent())))
                        .toList(),
                owed,
                problems,
                prepared,
                undecided,
                verified);
    }

    private static AgentStatus nothingApplied(OpenedDatabase database, Instant now) {
        return new AgentStatus(
                database.entry().name(),
                database.profile().environment(),
                false,
                now,
                Optional.empty(),
                rows(database, Map.of(), List.of()),
                List.of(),
                List.of(),
                List.of(),
                0,
                Optional.empty());
    }

    /// The agents of the profile in its order, then those that only the ledger knows.
    static List<Row> rows(OpenedDatabase database, Map<String, StoppedBy> revoked, List<OpenLease> leases) {
        var profile = database.profile();
        var entry = database.entry().name();
        var byAgent = leases.stream()
                .collect(Collectors.groupingBy(open -> open.lease().agent(), TreeMap::new, Collectors.toList()));
        revoked.keySet().forEach(agent -> byAgent.putIfAbsent(agent, List.of()));
        var rows = new ArrayList<Row>();
        for (var agent : profile.agentsOf(entry)) {
            var own = Optional.ofNullable(byAgent.remove(agent.name())).orElse(List.of());
            rows.add(new Row(
                    agent.name(),
                    Optional.of(profile.tiersOf(agent, entry)),
                    Optional.ofNullable(revoked.get(agent.name())),
                    own));
        }
        byAgent.forEach((agent, own) ->
                rows.add(new Row(agent, Optional.empty(), Optional.ofNullable(revoked.get(agent)), own)));
        return rows;
    }
}
