package dev.agentroles.apply;

import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Naming;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.credential.StorePath;
import dev.agentroles.engine.Asking;
import dev.agentroles.engine.Inventory;
import dev.agentroles.engine.Promises;
import dev.agentroles.engine.Refusal;
import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Step;
import dev.agentroles.profile.Profile;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What an agent may do: its profile, resolved against the catalogs. Holds no secret.
///
/// @param databases in the order of the profile
public record AgentCard(Profile profile, Profile.Agent agent, List<InDatabase> databases) {
    public AgentCard {
        databases = List.copyOf(databases);
    }

    /// What it may do in one database.
    ///
    /// @param name the entry's in the profile
    /// @param path where its login is published
    /// @param applied whether the server is so by now: else the next apply makes it so
    /// @param published whether a login that works stands at `path`
    /// @param tables by schema and name
    /// @param later what it may do with tables that somebody makes later, by schema
    /// @param refusals of the guard; none where it is held to no limits
    /// @param denied what no tier allows, each in a few words
    /// @param asking how it asks for schema changes, if it may
    public record InDatabase(
            String name,
            ServerIdentity server,
            StorePath path,
            boolean applied,
            boolean published,
            Optional<StoppedBy> freeze,
            Optional<StoppedBy> revocation,
            List<Table> tables,
            Inventory inventory,
            Map<String, Set<Privilege>> later,
            Set<Refusal> refusals,
            List<String> denied,
            Optional<Asking> asking) {
        public InDatabase {
            tables = List.copyOf(tables);
            later = Collections.unmodifiableMap(new TreeMap<>(later));
            refusals = Collections.unmodifiableSet(new TreeSet<>(refusals));
            denied = List.copyOf(denied);
        }

        /// Whether the next apply would change something for the agent.
        public boolean pending() {
            return !applied || (!published && !stopped());
        }

        public boolean stopped() {
            return freeze.isPresent() || revocation.isPresent();
        }
    }

    /// A table or view.
    ///
    /// @param standsFor the table in whose place a writer uses this view
    /// @param columns all of them, where a privilege leaves some out; else none
    /// @param withheld the columns that a privilege leaves out, by each that the agent has: SELECT, INSERT, UPDATE,
    /// DELETE
    /// @param limits to which the guard holds its UPDATE and DELETE
    public record Table(
            Securable.Relation name,
            Optional<Securable.Relation> standsFor,
            List<String> columns,
            Map<Privilege, List<String>> withheld,
            Optional<Guard.Caps> limits) {
        public Table {
            columns = List.copyOf(columns);
            withheld = Collections.unmodifiableMap(new EnumMap<>(withheld));
        }

        public boolean may(Privilege privilege) {
            return withheld.containsKey(privilege);
        }

        /// Whether rows may be made, changed or deleted.
        public boolean writable() {
            return withheld.keySet().stream().anyMatch(privilege -> privilege != Privilege.SELECT);
        }

        /// The columns that a privilege reaches, where it does not reach all.
        public List<String> reached(Privilege privilege) {
            var without = withheld.getOrDefault(privilege, columns);
            return without.isEmpty()
                    ? List.of()
                    : columns.stream()
                            .filter(column -> !without.contains(column))
                            .toList();
        }
    }

    /// What an agent may do in one database, as was worked out there.
    public static InDatabase in(OpenedDatabase database, Proposal proposal, StorePath path, String agent)
            throws SQLException {
        var state = proposal.desired().state();
        var role = Naming.agentRole(database.entry().name(), agent);
        var tiers = state.memberships().stream()
                .filter(membership -> membership.member().equals(role))
                .map(Membership::group)
                .collect(Collectors.toSet());
        var tables = new AgentTables(role, tiers, state.grants(), state.guard().limits(), proposal.inventory()).all();
        var asks = Optional.ofNullable(database.profile().agents().get(agent))
                .filter(Profile.Agent::requestsChanges)
                .map(_ -> database.engine().asking());
        var own = new AgentChanges(role, tiers, guarded(proposal, tiers, tables), asks.isPresent());
        var changes = proposal.plan().steps().stream().map(Step::change).toList();
        return new InDatabase(
                database.entry().name(),
                proposal.server(),
                path,
                changes.stream().noneMatch(own::concern),
                !changes.contains(new Change.IssueLease(agent)),
                database.freeze(),
                database.revocation(agent),
                tables,
                proposal.inventory(),
                later(state.defaults(), tiers),
                tables.stream().anyMatch(table -> table.limits().isPresent())
                        ? database.engine().refusals()
                        : Set.of(),
                denied(database.engine().promises()),
                asks);
    }

    /// The tables whose guard holds writes of these tiers.
    private static Set<Securable.Relation> guarded(Proposal proposal, Set<RoleName> tiers, List<Table> tables) {
        var guarded = new HashSet<Securable.Relation>();
        proposal.desired().held().forEach((table, writes) -> {
            if (writes.stream().anyMatch(write -> tiers.contains(write.role()))) {
                guarded.add(table);
            }
        });
        tables.forEach(table -> table.standsFor().ifPresent(guarded::add));
        return guarded;
    }

    private static Map<String, Set<Privilege>> later(Collection<DefaultGrant> defaults, Set<RoleName> tiers) {
        var later = new HashMap<String, Set<Privilege>>();
        for (var grant : defaults) {
            if (grant.kind().equals("TABLES")
                    && grant.grantee() instanceof Grantee.Role(var name)
                    && tiers.contains(name)) {
                grant.schema()
                        .ifPresent(schema -> later.computeIfAbsent(schema, _ -> EnumSet.noneOf(Privilege.class))
                                .add(grant.privilege()));
            }
        }
        return later;
    }

    private static List<String> denied(Promises promises) {
        return promises.promises().stream()
                .filter(promise -> promise.answers().values().stream().allMatch(Promises.Answer.NO::equals))
                .map(Promises.Promise::what)
                .toList();
    }
}
