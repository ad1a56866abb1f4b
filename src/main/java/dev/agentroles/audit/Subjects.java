package dev.agentroles.audit;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.engine.LeaseLogin;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.Subject;
import dev.agentroles.ledger.LeaseBook;
import dev.agentroles.ledger.LeaseRow;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whose power in a database is to be proven.
///
/// @param all each agent's role, and each of its logins that should work or does
/// @param unknown logins that work and carry the mark of a lease that the ledger does not know
public record Subjects(List<Subject> all, List<LeaseLogin> unknown) {
    public Subjects {
        all = List.copyOf(all);
        unknown = List.copyOf(unknown);
    }

    /// Which logins work is for the server to say: the ledger does not know of one that should have ended and
    /// has not, and the mark of one that it does not know at all proves nothing.
    ///
    /// @param now by the server's clock
    public static Subjects read(
            Profile profile, Profile.DatabaseEntry entry, LeaseBook leases, Logins logins, Instant now)
            throws SQLException {
        // No login stands before its row, and none after it: one that was seen before the rows were read, and
        // works after that, has one.
        var marked = logins.leaseLogins(profile.environment(), entry.name());
        var open = leases.open().stream().map(LeaseRow::lease).toList();
        var known = open.stream().map(Lease::login).collect(Collectors.toSet());
        var working =
                logins.working(Stream.concat(known.stream(), marked.stream().map(LeaseLogin::login))
                        .collect(Collectors.toSet()));
        return new Subjects(
                subjects(profile, entry, open, lease -> lease.liveAt(now) || working.contains(lease.login())),
                marked.stream()
                        .filter(login -> working.contains(login.login()) && !known.contains(login.login()))
                        .toList());
    }

    private static List<Subject> subjects(
            Profile profile, Profile.DatabaseEntry entry, Collection<Lease> open, Predicate<Lease> out) {
        var subjects = new ArrayList<Subject>();
        for (var agent : profile.agentsOf(entry.name())) {
            var role = Naming.agentRole(entry.name(), agent.name());
            subjects.add(new Subject.AgentRole(role, agent.name()));
            open.stream()
                    .filter(lease -> lease.agent().equals(agent.name()) && out.test(lease))
                    .map(lease -> login(agent, role, lease))
                    .forEach(subjects::add);
        }
        return subjects;
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
