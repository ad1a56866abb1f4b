package dev.agentroles.engine.mysql;

import static java.util.Objects.requireNonNull;

import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Desired;
import dev.agentroles.engine.DesiredFacts;
import dev.agentroles.engine.ScopeResolver;
import dev.agentroles.engine.ScopeResolver.Included;
import dev.agentroles.engine.mysql.Catalog.RelationRow;
import dev.agentroles.plan.Reason;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a profile wants on one server: roles, memberships and grants by name, each with its reason.
final class Resolver {
    private final Catalog catalog;
    private final Profile profile;
    private final Profile.DatabaseEntry entry;

    private final DesiredFacts wanted;
    private final Set<RoleName> tierRoles = new HashSet<>();
    private final GuardResolver guard;

    Resolver(Catalog catalog, Profile profile, Profile.DatabaseEntry entry) {
        this.catalog = catalog;
        this.profile = profile;
        this.entry = entry;
        this.wanted = new DesiredFacts(profile.environment(), entry.name());
        this.guard = new GuardResolver(
                catalog.guard(),
                catalog.dialect().product(),
                catalog.variables().logsStatements(),
                wanted::problem,
                wanted::notice,
                wanted.reasons());
    }

    Desired resolve() {
        new Surroundings(catalog, entry, wanted::problem, wanted::notice).check();
        var scopes = new LinkedHashMap<String, List<Included<RelationRow>>>();
        for (var agent : profile.agentsOf(entry.name())) {
            var agentRole = agent(agent);
            bounds(agent);
            wanted.asks(agent, ChangeDoor.grants(agentRole));
            for (var access : agent.access()) {
                var scope = profile.scopeOf(access);
                if (scope.database().equals(entry.name())) {
                    var tierRole = tier(scope, access, scopes.computeIfAbsent(scope.name(), _ -> included(scope)));
                    if (access.tier() == Tier.WRITER) {
                        guard.writer(agentRole, tierRole, access);
                    }
                    membership(tierRole, agentRole, DesiredFacts.because(agent, scope, access));
                }
            }
        }
        reachTheirDatabase();
        logins();
        late();
        return wanted.desired(guard.guard(), expiry(), door(), List.of(), Map.of(), Set.of());
    }

    /// What a lease that is over can still do where nothing on the server ends it.
    private void late() {
        if (entry.expiryEvent().isEmpty() && !profile.agentsOf(entry.name()).isEmpty()) {
            wanted.notice(Problem.at(
                            entry.at(),
                            "a lease that is over goes on until reap, rotate or apply ends it: "
                                    + catalog.dialect().product()
                                    + " has no expiry of its own. Until then its login works, and its sessions read and, in"
                                    + " tier ddl-denied, change rows; tier writer changes nothing from the end on")
                    .remedy("set expiry_event: true, or run agentroles reap every minute"));
        }
    }

    /// Where the profile wants it, the server's scheduler must run.
    private Optional<String> expiry() {
        entry.expiryEvent()
                .filter(_ -> !catalog.variables().on("event_scheduler"))
                .ifPresent(at -> wanted.problem(Problem.at(
                                at,
                                "expiry_event: true, and the server's event scheduler is off: nothing would end leases")
                        .remedy("SET PERSIST event_scheduler = ON (MariaDB: SET GLOBAL, and in its configuration),"
                                + " as a database administrator; where it is DISABLED, in the configuration and by a"
                                + " start of the server")));
        var fingerprint = entry.expiryEvent()
                .map(_ -> ExpiryEvent.wanted(
                        catalog.dialect(), catalog.administrator().account()));
        fingerprint.ifPresent(fact -> wanted.reasons()
                .put(
                        fact,
                        Reason.of(
                                "locks logins and ends sessions of leases that are over, without reap",
                                entry.expiryEvent().orElseThrow())));
        return fingerprint;
    }

    private RoleName agent(Profile.Agent agent) {
        var name = Naming.agentRole(entry.name(), agent.name());
        role(name, new Mark.Kind.AgentRole(agent.name()), Reason.of("agent " + agent.name(), agent.at()));
        return name;
    }

    private void bounds(Profile.Agent agent) {
        var words = catalog.dialect().unboundable(agent.lease().bounds());
        if (!words.isEmpty()) {
            wanted.problem(Problem.at(
                            agent.at(),
                            "agent " + agent.name() + " has " + String.join(", ", words) + ", and "
                                    + catalog.dialect().product() + " has no such bound for an account")
                    .remedy("leave it out"));
        }
    }

    private Optional<String> door() {
        var taken =
                catalog.door().taken().map(what -> Problem.of(what).remedy("drop it or move it; it is not touched"));
        return wanted.door(
                catalog.door().ours(),
                taken,
                ChangeDoor.wanted(catalog.administrator().account()));
    }

    private RoleName tier(Profile.Scope scope, Profile.Access access, List<Included<RelationRow>> included) {
        var tier = access.tier();
        var name = Naming.tierRole(entry.name(), scope.name(), tier);
        if (!tierRoles.add(name)) {
            return name;
        }
        role(
                name,
                new Mark.Kind.TierRole(scope.name(), tier),
                Reason.of("tier " + tier.word() + " of scope " + scope.name(), access.at()));
        for (var relation : included) {
            if (tier == Tier.WRITER && !relation.row().view()) {
                guard.table(
                        relation.row().relation(),
                        name,
                        relation.columns(),
                        relation.by().at(),
                        wanted::grant);
            }
            wanted.grants(
                    name, relation.row().view() ? TierPrivileges.onViews() : TierPrivileges.onTables(tier), relation);
        }
        return name;
    }

    /// A session begins in the database of the URL, and is refused where it holds nothing there.
    private void reachTheirDatabase() {
        var reaching = wanted.heldThroughGroups(
                grant -> schema(grant.on()).filter(this::isDefault).isPresent());
        for (var agent : profile.agentsOf(entry.name())) {
            if (!reaching.contains(Naming.agentRole(entry.name(), agent.name()))) {
                wanted.problem(Problem.at(
                                agent.at(),
                                "agent " + agent.name() + " holds nothing in " + catalog.database()
                                        + ", where the URL of database " + entry.name()
                                        + " leads: it could not log in")
                        .remedy("name a schema in the URL in which each agent of this database may read something"));
            }
        }
    }

    private boolean isDefault(String schema) {
        return catalog.variables().text("lower_case_table_names").orElse("0").equals("0")
                ? schema.equals(catalog.database())
                : schema.equalsIgnoreCase(catalog.database());
    }

    private static Optional<String> schema(Securable on) {
        return switch (on) {
            case Securable.Relation relation -> Optional.of(relation.schema());
            case Securable.Column column -> Optional.of(column.schema());
            default -> Optional.empty();
        };
    }

    /// Logins that are there keep their one membership and nothing else; one that was closed stays closed.
    /// That of a removed agent is ended as a lease.
    private void logins() {
        var agents =
                profile.agentsOf(entry.name()).stream().map(Profile.Agent::name).collect(Collectors.toSet());
        catalog.marks().forEach((name, mark) -> {
            if (mark.kind() instanceof Mark.Kind.LeaseLogin(var agent, var lease) && agents.contains(agent)) {
                var present = requireNonNull(catalog.accounts().all().get(name));
                wanted.login(name, mark, present.attributes().login());
                membership(Naming.agentRole(entry.name(), agent), name, Reason.of("lease " + lease + " of " + agent));
            }
        });
    }

    /// Whoever has a role here may also lay it down and take it up again; no attribute comes with it.
    private void membership(RoleName group, RoleName member, Reason reason) {
        wanted.membership(new Membership(group, member, true, false, false), reason);
    }

    private void role(RoleName name, Mark.Kind kind, Reason reason) {
        var mark = wanted.group(name, kind, reason);
        catalog.account(name)
                .filter(_ -> !mark.equals(catalog.marks().get(name)))
                .ifPresent(other -> wanted.taken("account", name, Optional.of(other.mark()), reason));
    }

    private Set<Tier> tiers(Profile.Scope scope) {
        return profile.agentsOf(entry.name()).stream()
                .flatMap(agent -> agent.access().stream())
                .filter(access -> access.scope().equals(scope.name()))
                .map(Profile.Access::tier)
                .collect(Collectors.toSet());
    }

    /// These servers find a column by its name in whatever case: what a rename in case only changes, an exclude does
    /// not miss.
    private List<Included<RelationRow>> included(Profile.Scope named) {
        var scope = named.withColumnsInAnyCase();
        var included = new ScopeResolver<>(catalog, scope, wanted).resolve();
        new HiddenColumns(catalog, wanted).check(scope, tiers(scope), included);
        return included;
    }
}
