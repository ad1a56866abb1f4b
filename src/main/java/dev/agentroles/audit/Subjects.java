package dev.agentroles.audit;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Subject;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.profile.Profile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Whose power in a database is to be proven: each agent's role, and each login that is out and works.
public final class Subjects {
    private Subjects() {}

    /// @param open the ledger's leases that are not over
    /// @param now by the server's clock
    public static List<Subject> of(Profile profile, Profile.DatabaseEntry entry, List<LeaseRow> open, Instant now) {
        var subjects = new ArrayList<Subject>();
        for (var agent : profile.agentsOf(entry.name())) {
            var role = Naming.agentRole(entry.name(), agent.name());
            subjects.add(new Subject.AgentRole(role, agent.name()));
            open.stream()
                    .map(LeaseRow::lease)
                    .filter(lease -> lease.agent().equals(agent.name()) && lease.liveAt(now))
                    .map(lease -> login(agent, role, lease))
                    .forEach(subjects::add);
        }
        return List.copyOf(subjects);
    }

    private static Subject login(Profile.Agent agent, RoleName agentRole, Lease lease) {
        return new Subject.Login(
                lease.login(),
                agent.name(),
                agentRole,
                agent.lease().connections(),
                lease.expiresAt(),
                agent.lease().bounds());
    }
}
