package dev.agentroles.engine.mysql;

import static java.util.Objects.requireNonNull;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Attributes;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Naming;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Desired;
import dev.agentroles.engine.ScopeResolver;
import dev.agentroles.engine.ScopeResolver.Included;
import dev.agentroles.engine.mysql.Catalog.RelationRow;
import dev.agentroles.plan.Reason;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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

    private final Set<Role> roles = new LinkedHashSet<>();
    private final Set<Membership> memberships = new LinkedHashSet<>();
    private final Set<Grant> grants = new LinkedHashSet<>();
    private final Map<Object, Reason> reasons = new HashMap<>();
    private final Set<Problem> problems = new LinkedHashSet<>();
    private final Set<Problem> notices = new LinkedHashSet<>();
    private final GuardResolver guard;

    Resolver(Catalog catalog, Profile profile, Profile.DatabaseEntry entry) {
        this.catalog = catalog;
        this.profile = profile;
        this.entry = entry;
        this.guard = new GuardResolver(
                catalog.guard(),
                catalog.dialect().product(),
                catalog.variables().logsStatements(),
                problems::add,
                notices::add,
                reasons);
    }

    Desired resolve() {
        new Surroundings(catalog, entry, problems::add, notices::add).check();
        var scopes = new LinkedHashMap<String, List<Included<RelationRow>>>();
        for (var agent : profile.agentsOf(entry.name())) {
            var agentRole = agent(agent);
            bounds(agent);
            for (var access : agent.access()) {
                var scope = profile.scopeOf(access);
                if (scope.database().equals(entry.name())) {
                    var tierRole = tier(scope, access, scopes.computeIfAbsent(scope.name(), _ -> included(scope)));
                    if (access.tier() == Tier.WRITER) {
                        guard.writer(agentRole, tierRole, access);
                    }
                    membership(
                            tierRole,
                            agentRole,
                            Reason.of(
                                    "agent " + agent.name() + " has tier "
                                            + access.tier().word() + " in scope " + scope.name(),
                                    access.at()));
                }
            }
            reachesItsDatabase(agent, agentRole);
        }
        logins();
        return new Desired(
                new AccessState(roles, memberships, grants, Set.of(), Set.of(), guard.guard(), expiry()),
                reasons,
                List.of(),
                sorted(problems),
                sorted(notices));
    }

    /// Where the profile wants it, the server's scheduler must run.
    private Optional<String> expiry() {
        entry.expiryEvent()
                .filter(_ -> !catalog.variables().on("event_scheduler"))
                .ifPresent(at -> problems.add(Problem.at(
                                at,
                                "expiry_event: true, and the server's event scheduler is off: nothing would end leases")
                        .remedy("SET PERSIST event_scheduler = ON (MariaDB: SET GLOBAL, and in its configuration),"
                                + " as a database administrator")));
        var wanted = entry.expiryEvent()
                .map(_ -> ExpiryEvent.wanted(
                        catalog.dialect(), catalog.administrator().account()));
        wanted.ifPresent(fingerprint -> reasons.put(
                fingerprint,
                Reason.of(
                        "locks logins and ends sessions of leases that are over, without reap",
                        entry.expiryEvent().orElseThrow())));
        return wanted;
    }

    private RoleName agent(Profile.Agent agent) {
        var name = Naming.agentRole(entry.name(), agent.name());
        role(name, new Mark.Kind.AgentRole(agent.name()), Reason.of("agent " + agent.name(), agent.at()));
        return name;
    }

    private void bounds(Profile.Agent agent) {
        var words = catalog.dialect().unboundable(agent.lease().bounds());
        if (!words.isEmpty()) {
            problems.add(Problem.at(
                            agent.at(),
                            "agent " + agent.name() + " has " + String.join(", ", words) + ", and "
                                    + catalog.dialect().product() + " has no such bound for an account")
                    .remedy("leave it out"));
        }
    }

    private RoleName tier(Profile.Scope scope, Profile.Access access, List<Included<RelationRow>> included) {
        var tier = access.tier();
        var name = Naming.tierRole(entry.name(), scope.name(), tier);
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
                        this::give);
            }
            give(name, relation.row().view() ? TierPrivileges.onViews() : TierPrivileges.onTables(tier), relation);
        }
        return name;
    }

    private void give(RoleName name, List<Privilege> privileges, Included<RelationRow> included) {
        var relation = included.row().relation();
        var reason = Reason.of(
                "included by \"" + included.by().text() + "\""
                        + (included.byColumn() ? " without excluded columns" : ""),
                included.by().at());
        for (var privilege : privileges) {
            // Rows are deleted whole: DELETE has no columns.
            if (included.byColumn() && privilege != Privilege.DELETE) {
                included.columns().forEach(column -> give(Grant.of(name, privilege, relation.column(column)), reason));
            } else {
                give(Grant.of(name, privilege, relation), reason);
            }
        }
    }

    private void give(Grant grant, Reason reason) {
        grants.add(grant);
        reasons.putIfAbsent(grant, reason);
    }

    /// A session begins in the database of the URL, and is refused where it holds nothing there.
    private void reachesItsDatabase(Profile.Agent agent, RoleName agentRole) {
        var tiers = memberships.stream()
                .filter(membership -> membership.member().equals(agentRole))
                .map(Membership::group)
                .collect(Collectors.toSet());
        boolean reaches = grants.stream()
                .filter(grant -> grant.grantee() instanceof Grantee.Role(var name) && tiers.contains(name))
                .anyMatch(grant -> schema(grant.on()).filter(this::isDefault).isPresent());
        if (!reaches) {
            problems.add(Problem.at(
                            agent.at(),
                            "agent " + agent.name() + " holds nothing in " + catalog.database()
                                    + ", where the URL of database " + entry.name()
                                    + " leads: it could not log in")
                    .remedy("name a schema in the URL in which each agent of this database may read something"));
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
                roles.add(new Role(
                        name, mark, new Attributes(present.attributes().login(), true, Collections.emptySortedSet())));
                membership(Naming.agentRole(entry.name(), agent), name, Reason.of("lease " + lease + " of " + agent));
            }
        });
    }

    /// Whoever has a role here may also lay it down and take it up again; no attribute comes with it.
    private void membership(RoleName group, RoleName member, Reason reason) {
        var fact = new Membership(group, member, true, false, false);
        memberships.add(fact);
        reasons.putIfAbsent(fact, reason);
    }

    private void role(RoleName name, Mark.Kind kind, Reason reason) {
        var mark = new Mark(profile.environment(), entry.name(), kind);
        var present = catalog.account(name);
        if (present.isPresent() && !mark.equals(catalog.marks().get(name))) {
            problems.add(taken(present.get(), reason));
        }
        var fact = new Role(name, mark, Attributes.GROUP);
        roles.add(fact);
        reasons.putIfAbsent(fact, reason);
    }

    private static Problem taken(Accounts.Account account, Reason reason) {
        var whose = Mark.parse(account.mark())
                .map(mark -> "it belongs to environment " + mark.environment() + ", database " + mark.database())
                .orElse("agentroles did not make it");
        return new Problem(
                reason.where(),
                "account \"" + account.name() + "\" is taken: " + whose,
                Optional.of("drop or rename that account, or give the database or agent of the profile another"
                        + " name; it is not touched"));
    }

    private List<Included<RelationRow>> included(Profile.Scope scope) {
        if (scope.future()) {
            problems.add(Problem.at(
                            scope.at(),
                            "future: true needs default privileges, which "
                                    + catalog.dialect().product() + " does not have")
                    .remedy("leave future out: later tables come with the next apply"));
        }
        return new ScopeResolver<>(catalog, scope, problems::add, notices::add).resolve();
    }

    private static List<Problem> sorted(Set<Problem> problems) {
        var list = new ArrayList<>(problems);
        list.sort(Comparator.comparing(Problem::toString));
        return list;
    }
}
