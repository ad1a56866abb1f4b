package dev.agentroles.apply;

import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Grant;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What an agent may do: its profile, resolved against the catalogs. Holds no secret.
///
/// @param databases in the order of the profile
public record AgentCard(Profile profile, Profile.Agent agent, List<InDatabase> databases) {
    private static final Set<Privilege> ON_ROWS =
            EnumSet.of(Privilege.SELECT, Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE);

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
        var tables = new Tables(role, tiers, state.grants(), state.guard().limits(), proposal.inventory()).all();
        var asks = Optional.ofNullable(database.profile().agents().get(agent))
                .filter(Profile.Agent::requestsChanges)
                .map(_ -> database.engine().asking());
        var pending = new Pending(role, tiers, guarded(proposal, tiers, tables), asks.isPresent());
        var changes = proposal.plan().steps().stream().map(Step::change).toList();
        return new InDatabase(
                database.entry().name(),
                proposal.server(),
                path,
                changes.stream().noneMatch(pending::concerns),
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

    /// The grants of an agent's tiers, table by table.
    private record Tables(
            RoleName agent, Set<RoleName> tiers, Set<Grant> grants, Set<Guard.Limits> limits, Inventory inventory) {
        List<Table> all() {
            var byTable = new LinkedHashMap<Securable.Relation, List<Grant>>();
            for (var grant : grants) {
                if (grant.grantee() instanceof Grantee.Role(var name)
                        && tiers.contains(name)
                        && ON_ROWS.contains(grant.privilege())) {
                    relation(grant.on())
                            .filter(relation -> !relation.equals(Guard.MARKER))
                            .ifPresent(relation -> byTable.computeIfAbsent(relation, _ -> new ArrayList<>())
                                    .add(grant));
                }
            }
            return byTable.entrySet().stream()
                    .map(entry -> table(entry.getKey(), entry.getValue()))
                    .sorted(Comparator.comparing((Table table) -> table.name().schema())
                            .thenComparing(table -> table.name().name()))
                    .toList();
        }

        private static Optional<Securable.Relation> relation(Securable on) {
            return switch (on) {
                case Securable.Relation relation -> Optional.of(relation);
                case Securable.Column column -> Optional.of(column.owner());
                default -> Optional.empty();
            };
        }

        private Table table(Securable.Relation name, List<Grant> held) {
            var withheld = new EnumMap<Privilege, List<String>>(Privilege.class);
            for (var privilege : ON_ROWS) {
                var on = held.stream()
                        .filter(grant -> grant.privilege() == privilege)
                        .map(Grant::on)
                        .collect(Collectors.toSet());
                if (!on.isEmpty()) {
                    withheld.put(privilege, on.contains(name) ? List.of() : without(name, on));
                }
            }
            boolean whole = withheld.values().stream().allMatch(List::isEmpty);
            return new Table(
                    name,
                    Optional.ofNullable(inventory.standsFor().get(name)),
                    whole ? List.of() : columns(name),
                    withheld,
                    limits(held));
        }

        private List<String> without(Securable.Relation name, Set<Securable> granted) {
            return columns(name).stream()
                    .filter(column -> !granted.contains(name.column(column)))
                    .toList();
        }

        private List<String> columns(Securable.Relation name) {
            return Objects.requireNonNull(inventory.columns().get(name), name::display);
        }

        /// As the guards decide: a tier without limits frees, and of several limits the least holds, with the
        /// longest window.
        private Optional<Guard.Caps> limits(List<Grant> held) {
            var writers = held.stream()
                    .filter(grant -> grant.privilege() == Privilege.UPDATE || grant.privilege() == Privilege.DELETE)
                    .map(Grant::grantee)
                    .collect(Collectors.toSet());
            var caps = limits.stream()
                    .filter(one -> one.agent().equals(agent) && writers.contains(Grantee.role(one.tier())))
                    .flatMap(one -> one.caps().stream())
                    .toList();
            return caps.size() < writers.size()
                    ? Optional.empty()
                    : caps.stream().reduce(Tables::least);
        }

        private static Guard.Caps least(Guard.Caps one, Guard.Caps other) {
            return new Guard.Caps(
                    Math.min(one.rows(), other.rows()),
                    Math.min(one.rowsPerTransaction(), other.rowsPerTransaction()),
                    Math.min(one.wholeTable(), other.wholeTable()),
                    one.window()
                            .flatMap(window -> other.window()
                                    .map(next -> new Guard.Window(
                                            Math.min(window.rows(), next.rows()),
                                            Math.max(window.seconds(), next.seconds()))))
                            .or(one::window)
                            .or(other::window),
                    one.functions() && other.functions());
        }
    }

    /// What of a plan changes what one agent may do.
    ///
    /// @param guarded the tables that it changes under the guard
    /// @param asks whether it may ask for schema changes
    private record Pending(RoleName agent, Set<RoleName> tiers, Set<Securable.Relation> guarded, boolean asks) {
        boolean concerns(Change change) {
            return switch (change) {
                case Change.CreateRole(var role) -> isOurs(role.name());
                case Change.AlterRole(var _, var role) -> isOurs(role.name());
                case Change.DropRole(var role) -> isOurs(role.name());
                case Change.AddMembership(var membership) -> links(membership);
                case Change.RemoveMembership(var membership) -> links(membership);
                case Change.Give(var grant) -> isOurs(grant.grantee());
                case Change.Revoke(var grant) -> isOurs(grant.grantee());
                case Change.Withhold(var grant) -> isOurs(grant.grantee());
                case Change.AddDefault(var grant) -> isOurs(grant.grantee());
                case Change.RemoveDefault(var grant) -> isOurs(grant.grantee());
                case Change.ResetSetting(var setting) -> isOurs(setting.role());
                case Change.PutSetting(var setting) -> isOurs(setting.role());
                case Change.InstallGuardCore _, Change.UpgradeGuardCore _ -> !guarded.isEmpty();
                case Change.AttachGuard(var table, var _) -> guarded.contains(table.on());
                case Change.SetLimits(var limits, var _) -> limits.agent().equals(agent);
                case Change.DropLimits(var limits) -> limits.agent().equals(agent);
                case Change.RemoveGuardCore _, Change.DetachGuard _ -> false;
                case Change.PutDoor _ -> asks;
                case Change.DropDoor _ -> false;
                case Change.Harden _, Change.PutExpiry _, Change.DropExpiry _ -> false;
                case Change.MigrateLedger _, Change.Stamp _ -> false;
                case Change.IssueLease _, Change.EndLease _ -> false;
            };
        }

        private boolean isOurs(RoleName role) {
            return role.equals(agent) || tiers.contains(role);
        }

        private boolean isOurs(Grantee grantee) {
            return grantee instanceof Grantee.Role(var name) && isOurs(name);
        }

        /// To its tiers, or of its logins to it. Another agent's membership in the same tier is not its own.
        private boolean links(Membership membership) {
            return isOurs(membership.member()) || membership.group().equals(agent);
        }
    }
}
