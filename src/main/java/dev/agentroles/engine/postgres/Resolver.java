package dev.agentroles.engine.postgres;

import static java.util.Objects.requireNonNull;

import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Naming;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Setting;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.Desired;
import dev.agentroles.engine.DesiredFacts;
import dev.agentroles.engine.ScopeResolver;
import dev.agentroles.engine.ScopeResolver.Included;
import dev.agentroles.engine.postgres.Catalog.RelationRow;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Reason;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a profile wants in one PostgreSQL database: roles, memberships and grants by name, each with its
/// reason.
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
                catalog.membershipOptions(),
                catalog.administrator().name(),
                wanted::problem,
                wanted::notice,
                wanted.reasons());
    }

    Desired resolve() {
        var scopes = new LinkedHashMap<String, List<Included<RelationRow>>>();
        for (var agent : profile.agentsOf(entry.name())) {
            var agentRole = agent(agent);
            wanted.asks(agent, ChangeDoor.grants(agentRole));
            for (var access : agent.access()) {
                var scope = profile.scopeOf(access);
                if (scope.database().equals(entry.name())) {
                    var included = scopes.computeIfAbsent(scope.name(), _ -> included(scope));
                    var tierRole = tier(scope, access, included);
                    limits(agentRole, tierRole, access);
                    membership(tierRole, agentRole, DesiredFacts.because(agent, scope, access));
                }
            }
        }
        logins();
        owners();
        guardRole();
        wanted.withhold(guard.withheld());
        return wanted.desired(guard.guard(), Optional.empty(), door(), hardening(), guard.held(), unguarded());
    }

    /// What writers hold of tables on which nothing holds them, if the administrator can take all of it and give it
    /// again. To others the guard is only put back.
    private Set<Grant> unguarded() {
        var marked = catalog.grants().stream()
                .map(Catalog.GrantRow::grant)
                .filter(grant -> grant.on().equals(Guard.MARKER) && grant.privilege() == Privilege.SELECT)
                .map(Grant::grantee)
                .collect(Collectors.toSet());
        var holding = catalog.guard().holding();
        var open = guard.held().values().stream()
                .flatMap(Set::stream)
                .filter(write -> !(holding.contains(write.table()) && marked.contains(Grantee.role(write.role()))))
                .collect(Collectors.toSet());
        return catalog.grants().stream()
                .filter(row ->
                        Desired.Write.of(row.grant()).filter(open::contains).isPresent())
                .collect(Collectors.groupingBy(
                        Catalog.GrantRow::grant, Collectors.mapping(catalog::isAtHand, Collectors.toSet())))
                .entrySet()
                .stream()
                .filter(grant -> !grant.getValue().contains(false))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private RoleName agent(Profile.Agent agent) {
        var name = Naming.agentRole(entry.name(), agent.name());
        role(name, new Mark.Kind.AgentRole(agent.name()), Reason.of("agent " + agent.name(), agent.at()));
        return name;
    }

    private Optional<String> door() {
        var taken = catalog.door()
                .taken()
                .map(what -> Problem.of(what)
                        .remedy("drop or rename it, or give it back to "
                                + catalog.administrator().name() + "; it is not touched"));
        return wanted.door(catalog.door().ours(), taken, ChangeDoor.wanted());
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
        if (tier == Tier.WRITER) {
            guarded(name, included, access);
        }
        var reached = Reason.of("scope " + scope.name() + " reaches into it", scope.at());
        wanted.grant(
                Grant.of(
                        name,
                        Privilege.CONNECT,
                        new Securable.Database(catalog.administrator().database())),
                reached);
        for (var relation : included) {
            wanted.grant(
                    Grant.of(
                            name,
                            Privilege.USAGE,
                            new Securable.Schema(relation.row().relation().schema())),
                    reached);
            wanted.grants(
                    name, relation.row().table() ? TierPrivileges.onTables(tier) : TierPrivileges.onViews(), relation);
        }
        if (TierPrivileges.inserts(tier)) {
            sequences(name, scope, included);
        }
        if (scope.future()) {
            future(name, tier, scope, included);
        }
        return name;
    }

    /// The mark that the guard looks for hangs on the role that gives the write: whoever has the one has
    /// the other.
    private void guarded(RoleName name, List<Included<RelationRow>> included, Profile.Access access) {
        wanted.grant(
                Grant.of(name, Privilege.SELECT, Guard.MARKER),
                Reason.of("marks whom the guard looks at", access.at()));
        included.stream()
                .filter(relation -> relation.row().table())
                .forEach(relation -> guard.table(
                        relation.row().relation(), name, relation.by().at()));
    }

    private void limits(RoleName agent, RoleName tierRole, Profile.Access access) {
        switch (access.tier()) {
            case EXPLORE -> {}
            case WRITER -> guard.writer(agent, tierRole, access);
            case DDL_DENIED -> guard.free(agent, tierRole, access);
        }
    }

    /// A serial column takes its value from a sequence of its own, which INSERT alone does not open.
    private void sequences(RoleName name, Profile.Scope scope, List<Included<RelationRow>> included) {
        var tables =
                included.stream().map(relation -> relation.row().relation()).collect(Collectors.toSet());
        for (var row : catalog.sequences()) {
            if (tables.contains(row.table())) {
                wanted.grant(
                        Grant.of(name, Privilege.USAGE, row.sequence()),
                        Reason.of("serial column of " + row.table().display(), scope.at()));
            }
        }
    }

    /// The reader has seen to it that each pattern names a whole schema. What a writer may do to a table
    /// that is not guarded yet is less.
    private void future(RoleName name, Tier tier, Profile.Scope scope, List<Included<RelationRow>> included) {
        wanted.notice(Problem.at(
                        scope.at(),
                        "future: true covers later views, too: one that the tables' owner makes shows what it reads"
                                + " with its owner's rights until the next apply")
                .remedy("agentroles verify finds it: DEFINER-VIEW"));
        if (tier == Tier.WRITER) {
            wanted.notice(Problem.at(
                    scope.at(),
                    "future: true gives a writer SELECT and INSERT on later tables; UPDATE and DELETE come with their"
                            + " guard at the next apply"));
        }
        for (var pattern : scope.include()) {
            var schema = pattern.schema().text();
            for (var creator : creators(schema, included)) {
                for (var privilege : TierPrivileges.onLaterTables(tier)) {
                    later(creator, schema, "TABLES", privilege, name, pattern.at());
                }
                if (TierPrivileges.inserts(tier)) {
                    later(creator, schema, "SEQUENCES", Privilege.USAGE, name, pattern.at());
                }
            }
        }
    }

    /// Who makes tables in a schema: whoever owns what is there, and the schema's owner.
    private Set<RoleName> creators(String schema, List<Included<RelationRow>> included) {
        var creators = new LinkedHashSet<RoleName>();
        included.stream()
                .filter(relation -> relation.row().relation().schema().equals(schema))
                .forEach(relation -> creators.add(relation.row().owner()));
        catalog.schemaRows().stream()
                .filter(row -> row.name().equals(schema))
                .forEach(row -> creators.add(row.owner()));
        return creators;
    }

    private void later(RoleName creator, String schema, String kind, Privilege privilege, RoleName name, Position at) {
        wanted.defaultGrant(
                new DefaultGrant(creator, Optional.of(schema), kind, privilege, Grantee.role(name), false),
                Reason.of("future: true", at));
    }

    /// Logins that are there keep their one membership and nothing else; one that was closed stays closed.
    /// That of a removed agent is ended as a lease.
    private void logins() {
        var agents =
                profile.agentsOf(entry.name()).stream().map(Profile.Agent::name).collect(Collectors.toSet());
        for (var row : catalog.roles().values()) {
            var name = row.name();
            var mark = catalog.marks().get(name);
            if (mark != null
                    && mark.kind() instanceof Mark.Kind.LeaseLogin(var agent, var lease)
                    && agents.contains(agent)) {
                wanted.login(name, mark, row.attributes().login());
                var reason = Reason.of("lease " + lease + " of " + agent);
                membership(Naming.agentRole(entry.name(), agent), name, reason);
                SessionSettings.of(requireNonNull(profile.agents().get(agent))
                                .lease()
                                .bounds())
                        .forEach((setting, value) ->
                                wanted.setting(new Setting(name, Optional.empty(), setting, value), reason));
            }
        }
    }

    /// Whoever owns something may do anything with it, whatever is granted: no plan of grants can mend that.
    private void owners() {
        for (var row : catalog.roles().values()) {
            if (row.owns() > 0 && catalog.marks().containsKey(row.name())) {
                wanted.notice(Problem.of("role " + row.name() + " owns " + row.owns()
                                + (row.owns() == 1 ? " object" : " objects") + ", and an owner may do anything with it")
                        .remedy("agentroles verify says what; give it away, in each database that has some: REASSIGN"
                                + " OWNED BY " + Sql.identifier(row.name())
                                + " TO its_owner, and DROP USER MAPPING for what that leaves"));
            }
        }
    }

    /// On 16 and later the member has the privileges but cannot become the group; on 15 every member can.
    private void membership(RoleName group, RoleName member, Reason reason) {
        wanted.membership(new Membership(group, member, true, !catalog.membershipOptions(), false), reason);
    }

    private void role(RoleName name, Mark.Kind kind, Reason reason) {
        var mark = wanted.group(name, kind, reason);
        catalog.role(name)
                .filter(_ -> !mark.equals(catalog.marks().get(name)))
                .ifPresent(other -> wanted.taken("role", name, other.comment(), reason));
    }

    /// The role that the guard runs as is made with it; one of that name that is not ours is not touched.
    private void guardRole() {
        var wantedRole = catalog.guard().role();
        catalog.role(wantedRole.name())
                .filter(row -> guard.needed()
                        && !row.comment().equals(Optional.of(wantedRole.mark().text())))
                .ifPresent(other -> wanted.taken(
                        "role", other.name(), other.comment(), Reason.of("the guard runs as it", entry.at())));
    }

    private List<Included<RelationRow>> included(Profile.Scope scope) {
        return new ScopeResolver<>(catalog, scope, wanted).resolve();
    }

    private List<Change.Harden> hardening() {
        record Alike(String word, Privilege privilege, String kind, RoleName owner, List<RoleName> keepers) {}
        var groups = new LinkedHashMap<Alike, List<Securable>>();
        for (var row : catalog.publics()) {
            groups.computeIfAbsent(
                            new Alike(
                                    row.word(),
                                    row.grant().privilege(),
                                    Sql.kind(row.grant().on()),
                                    row.owner(),
                                    row.keepers()),
                            _ -> new ArrayList<>())
                    .add(row.grant().on());
        }
        var changes = new ArrayList<Change.Harden>();
        groups.forEach((alike, objects) ->
                changes.add(new Change.Harden(alike.word(), alike.privilege(), objects, alike.keepers())));
        return changes;
    }
}
