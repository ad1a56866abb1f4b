package dev.agentroles.apply;

import dev.agentroles.access.Lease;
import dev.agentroles.ledger.Freeze;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.ledger.Owed;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// How the agents of one database stand, by its ledger and by the sessions of the server.
///
/// @param database the entry's name in the profile
/// @param now by the server's clock
/// @param applied whether there is a ledger at all
/// @param owed work that could not be done yet
public record AgentStatus(
        String database,
        String environment,
        boolean applied,
        Instant now,
        Optional<Freeze> freeze,
        List<Row> rows,
        List<Owed> owed) {
    public AgentStatus {
        rows = List.copyOf(rows);
        owed = List.copyOf(owed);
    }

    /// @param revoked who stopped the agent, if somebody did
    /// @param leases that are not over, oldest first; several while a rotation overlaps
    public record Row(
            String agent, String tiers, Optional<String> owner, Optional<Freeze> revoked, List<OpenLease> leases) {
        public Row {
            leases = List.copyOf(leases);
        }
    }

    /// @param purpose what it was issued for
    /// @param works whether the server has its login and lets it log in
    /// @param sessions that it has open
    public record OpenLease(Lease lease, LeaseRow.Purpose purpose, boolean works, int sessions) {}

    public static AgentStatus of(OpenedDatabase database, InstantSource clock) throws SQLException {
        var state = database.look();
        var now = database.clock(clock).instant();
        var profile = database.profile();
        var entry = database.entry().name();
        if (!(state instanceof LedgerState.Present present && present.current())) {
            return new AgentStatus(
                    entry,
                    profile.environment(),
                    false,
                    now,
                    Optional.empty(),
                    rows(profile, entry, Map.of(), List.of()),
                    List.of());
        }
        var ledger = database.ledger();
        var open = ledger.leases().open();
        var logins = open.stream().map(row -> row.lease().login()).toList();
        var working = database.server().logins().working(logins);
        var sessions = database.server().logins().sessions(logins);
        var leases = open.stream()
                .map(row -> new OpenLease(
                        row.lease(),
                        row.purpose(),
                        working.contains(row.lease().login()),
                        sessions.getOrDefault(row.lease().login(), 0)))
                .toList();
        return new AgentStatus(
                entry,
                profile.environment(),
                true,
                now,
                present.freeze(),
                rows(profile, entry, ledger.stops().revocations(), leases),
                ledger.owed().all());
    }

    private static List<Row> rows(Profile profile, String entry, Map<String, Freeze> revoked, List<OpenLease> leases) {
        var rows = new ArrayList<Row>();
        for (var agent : profile.agentsOf(entry)) {
            var tiers = agent.access().stream()
                    .filter(access -> profile.scopeOf(access).database().equals(entry))
                    .map(access -> access.scope() + ":" + access.tier().word())
                    .collect(Collectors.joining(" "));
            var own = leases.stream()
                    .filter(open -> open.lease().agent().equals(agent.name()))
                    .toList();
            rows.add(new Row(agent.name(), tiers, agent.owner(), Optional.ofNullable(revoked.get(agent.name())), own));
        }
        return rows;
    }
}
