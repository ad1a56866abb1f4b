package dev.agentroles.apply;

import dev.agentroles.access.Lease;
import dev.agentroles.credential.SecretStore;
import dev.agentroles.credential.Standing;
import dev.agentroles.credential.StorePath;
import dev.agentroles.engine.Logins;
import dev.agentroles.ledger.Journal;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.ledger.Owed;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
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

    /// @param tiers empty: the profile gives the agent nothing here any more, and the next apply ends it
    /// @param revoked who stopped the agent, if somebody did
    /// @param leases that are not over, oldest first; several while a rotation overlaps
    public record Row(String agent, Optional<String> tiers, Optional<StoppedBy> revoked, List<OpenLease> leases) {
        public Row {
            leases = List.copyOf(leases);
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
        var profile = database.profile();
        var entry = database.entry().name();
        if (!(state instanceof LedgerState.Present present)) {
            return new AgentStatus(
                    entry,
                    profile.environment(),
                    false,
                    now,
                    Optional.empty(),
                    rows(profile, entry, Map.of(), List.of()),
                    List.of(),
                    List.of(),
                    List.of(),
                    0,
                    Optional.empty());
        }
        var ledger = database.ledger();
        var open = ledger.leases().open();
        var logins = open.stream().map(row -> row.lease().login()).toList();
        var working = database.server().logins().working(logins);
        var sessions = database.server().logins().sessions(logins);
        var revoked = ledger.stops().revocations();
        boolean frozen = present.freeze().isPresent();
        var agents = database.agents();
        // What an agent that was taken out of the profile reads tells whether its end has begun.
        var reading = Stream.concat(
                        agents.stream(), open.stream().map(row -> row.lease().agent()))
                .distinct()
                .filter(agent -> !frozen && !revoked.containsKey(agent));
        var read = Published.read(reading.toList(), store, paths);
        var published = frozen ? Set.<String>of() : published(open, revoked.keySet(), read);
        var leases = open.stream()
                .map(row -> new OpenLease(
                        row.lease(),
                        row.purpose(),
                        published.contains(row.lease().id()),
                        working.contains(row.lease().login()),
                        sessions.getOrDefault(row.lease().login(), 0)))
                .toList();
        var problems = new ArrayList<>(read.problems());
        open.stream()
                .map(LeaseRow::lease)
                .filter(lease -> working.contains(lease.login()) && !now.isBefore(lease.expiresAt()))
                .forEach(lease -> problems.add(stillWorks(entry, lease)));
        read.byAgent().forEach((agent, current) -> {
            if (agents.contains(agent)) {
                problem(entry, agent, Standing.of(current, agent, open, working, now))
                        .ifPresent(problems::add);
            }
        });
        return new AgentStatus(
                entry,
                profile.environment(),
                true,
                now,
                present.freeze(),
                rows(profile, entry, revoked, leases),
                ledger.owed().all(),
                problems,
                prepared(database),
                present.keepsChanges() ? ledger.changes().undecided() : 0,
                ledger.journal().newest(Journal.VERIFY));
    }

    /// Whoever is not shown them hears so of `verify`.
    private static List<Logins.PreparedTransaction> prepared(OpenedDatabase database) {
        try {
            return database.server().logins().preparedTransactions();
        } catch (SQLException refused) {
            return List.of();
        }
    }

    private static Problem stillWorks(String entry, Lease lease) {
        return Problem.of("login " + lease.login() + " of agent " + lease.agent() + " on " + entry
                        + " still works, and its lease is over since " + lease.expiresAt())
                .remedy("run agentroles reap, which ends it or says what is in the way");
    }

    private static Optional<Problem> problem(String entry, String agent, Standing standing) {
        return standing instanceof Standing.Due(var why)
                ? Optional.of(Problem.of("agent " + agent + " on " + entry + " has no login that works: " + why)
                        .remedy("run agentroles rotate, or agentroles apply if it never had one"))
                : Optional.empty();
    }

    /// Of each agent the lease that the store holds; where nobody could read or was to read it, the newest that
    /// went there, as every one before was written over.
    private static Set<String> published(List<LeaseRow> open, Set<String> stopped, Published store) {
        return open.stream()
                .filter(row -> row.purpose() == LeaseRow.Purpose.AGENT)
                .map(LeaseRow::lease)
                .filter(lease -> lease.state() == Lease.State.PUBLISHED && !stopped.contains(lease.agent()))
                .collect(Collectors.groupingBy(Lease::agent))
                .entrySet()
                .stream()
                .flatMap(agent -> published(
                        agent.getValue(), Optional.ofNullable(store.byAgent().get(agent.getKey()))))
                .collect(Collectors.toSet());
    }

    private static Stream<String> published(List<Lease> leases, Optional<SecretStore.Current> store) {
        return store.isPresent()
                ? store.get().held().stream().map(held -> held.secret().lease())
                : leases.stream().max(Comparator.comparing(Lease::issuedAt)).map(Lease::id).stream();
    }

    /// The agents of the profile in its order, then those that only the ledger knows.
    private static List<Row> rows(
            Profile profile, String entry, Map<String, StoppedBy> revoked, List<OpenLease> leases) {
        var byAgent = leases.stream()
                .collect(Collectors.groupingBy(open -> open.lease().agent(), TreeMap::new, Collectors.toList()));
        revoked.keySet().stream()
                .filter(agent -> !profile.agents().containsKey(agent))
                .forEach(agent -> byAgent.putIfAbsent(agent, List.of()));
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
