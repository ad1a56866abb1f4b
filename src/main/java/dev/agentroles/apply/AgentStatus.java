package dev.agentroles.apply;

import dev.agentroles.access.Lease;
import dev.agentroles.ledger.Freeze;
import dev.agentroles.ledger.LedgerState;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How the agents of one database stand, by its ledger.
///
/// @param database the entry's name in the profile
/// @param now by the server's clock
/// @param applied whether there is a ledger at all
public record AgentStatus(
        String database, String environment, boolean applied, Instant now, Optional<Freeze> freeze, List<Row> rows) {
    public AgentStatus {
        rows = List.copyOf(rows);
    }

    /// @param leases that are not over, oldest first; several while a rotation overlaps
    public record Row(String agent, String tiers, Optional<String> owner, List<Lease> leases) {
        public Row {
            leases = List.copyOf(leases);
        }
    }

    public static AgentStatus of(OpenedDatabase database, InstantSource clock) throws SQLException {
        var state = database.look();
        boolean applied = state instanceof LedgerState.Present present && present.current();
        var open = applied
                ? database.ledger().leases().open().stream()
                        .map(row -> row.lease())
                        .toList()
                : List.<Lease>of();
        var profile = database.profile();
        var entry = database.entry().name();
        var rows = new ArrayList<Row>();
        for (var agent : profile.agentsOf(entry)) {
            var tiers = agent.access().stream()
                    .filter(access -> profile.scopeOf(access).database().equals(entry))
                    .map(access -> access.scope() + ":" + access.tier().word())
                    .collect(Collectors.joining(" "));
            var leases = open.stream()
                    .filter(lease -> lease.agent().equals(agent.name()))
                    .toList();
            rows.add(new Row(agent.name(), tiers, agent.owner(), leases));
        }
        return new AgentStatus(
                entry,
                profile.environment(),
                applied,
                database.clock(clock).instant(),
                state instanceof LedgerState.Present present ? present.freeze() : Optional.empty(),
                rows);
    }
}
