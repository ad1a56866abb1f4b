package dev.agentroles.profile;

import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Tier;
import dev.agentroles.problem.Position;
import dev.agentroles.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// Judges what has been read as a whole: whether each engine can give its agents what the profile asks, and
/// what is there without any use.
final class AccessCheck {
    /// No lease is longer; which one it will be does not matter.
    private static final String SOME_LEASE = "0".repeat(Naming.LEASE_LENGTH);

    private static final String NO_FUTURE = "leave future out: later tables come with the next apply";

    private final Map<String, EngineTerms> engines;
    private final Map<String, Profile.DatabaseEntry> databases;
    private final Map<String, Profile.Scope> scopes;
    private final Map<String, Profile.Agent> agents;
    private final Problems problems;

    AccessCheck(
            Map<String, EngineTerms> engines,
            Map<String, Profile.DatabaseEntry> databases,
            Map<String, Profile.Scope> scopes,
            Map<String, Profile.Agent> agents,
            Problems problems) {
        this.engines = engines;
        this.databases = databases;
        this.scopes = scopes;
        this.agents = agents;
        this.problems = problems;
    }

    void run() {
        databases.values().forEach(this::checkChanges);
        scopes.values().stream().filter(Profile.Scope::future).forEach(this::checkFuture);
        for (var agent : agents.values()) {
            var reached = new HashSet<String>();
            for (var access : agent.access()) {
                var scope = scopes.get(access.scope());
                var database = scope == null ? null : databases.get(scope.database());
                var terms = database == null ? null : engines.get(database.engine());
                if (scope == null || database == null || terms == null) {
                    continue;
                }
                checkTier(access, database.engine(), terms);
                checkLength(
                        Naming.tierRole(database.name(), scope.name(), access.tier()),
                        "scope " + Quoted.of(scope.name()) + " needs a role",
                        access.at(),
                        terms);
                if (reached.add(database.name())) {
                    checkLength(
                            Naming.leaseLogin(database.name(), agent.name(), SOME_LEASE),
                            "agent " + Quoted.of(agent.name()) + " needs a login",
                            agent.at(),
                            terms);
                }
            }
        }
    }

    /// Names that come from elsewhere are compared by whoever reads them.
    private void checkChanges(Profile.DatabaseEntry database) {
        if (database.changes().map(Profile.Changes::username).orElse(null) instanceof Value.Literal(var owner, var at)
                && database.username() instanceof Value.Literal(var administrator, var _)
                && owner.equals(administrator)) {
            problems.add(
                    at,
                    "the administrator's own login must not run what an agent wrote",
                    "name a login that owns the schema and has no other power");
        }
    }

    /// Default privileges cover whole schemas, so only patterns of that form can have a future.
    private void checkFuture(Profile.Scope scope) {
        var database = databases.get(scope.database());
        if (database == null || !engines.containsKey(database.engine())) {
            return;
        }
        if (!engines.get(database.engine()).defaultPrivileges()) {
            problems.add(
                    scope.at(),
                    "future: true needs default privileges, which " + database.engine() + " does not have",
                    NO_FUTURE);
            return;
        }
        for (var pattern : scope.include()) {
            var schema = pattern.schema().text();
            boolean whole = pattern.schema().exact()
                    && !pattern.relation().literal()
                    && pattern.relation().text().equals("*");
            if (!whole) {
                problems.add(
                        pattern.at(),
                        "future: true covers whole schemas, and " + Quoted.of(pattern.text()) + " names a part of one",
                        "write the schema with .*, or " + NO_FUTURE);
            } else if (scope.exclude().stream()
                    .anyMatch(exclude -> exclude.schema().matches(schema) && !exclude.exact())) {
                problems.add(
                        scope.at(),
                        "future: true gives every later table of schema " + schema
                                + ", and an exclude with a wildcard holds some of them back",
                        NO_FUTURE);
            }
        }
    }

    private void checkTier(Profile.Access access, String engine, EngineTerms terms) {
        if (!terms.tiers().contains(access.tier())) {
            var tier = Quoted.of(access.tier().word());
            problems.add(
                    access.at(),
                    "tier " + tier + " is not available on " + engine + " yet",
                    "available: " + words(terms.tiers()));
        }
    }

    private static String words(Set<Tier> tiers) {
        return tiers.stream().sorted().map(Tier::word).collect(Collectors.joining(", "));
    }

    private void checkLength(RoleName role, String need, Position at, EngineTerms terms) {
        int bytes = role.value().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > terms.roleNameBytes()) {
            problems.add(
                    at,
                    need + " called " + role + ", which has " + bytes + " bytes of at most " + terms.roleNameBytes(),
                    "shorten a name in it by " + (bytes - terms.roleNameBytes()));
        }
    }

    List<Problem> notices() {
        var notices = new ArrayList<Problem>();
        for (var scope : scopes.values()) {
            if (agents.values().stream()
                    .flatMap(agent -> agent.access().stream())
                    .noneMatch(access -> access.scope().equals(scope.name()))) {
                notices.add(Problem.at(scope.at(), "no agent uses scope " + Quoted.of(scope.name())));
            }
        }
        for (var database : databases.values()) {
            if (scopes.values().stream().noneMatch(scope -> scope.database().equals(database.name()))) {
                notices.add(Problem.at(database.at(), "no scope is in database " + Quoted.of(database.name())));
            }
        }
        for (var agent : agents.values()) {
            var reached = databasesOf(agent);
            if (agent.requestsChanges()
                    && !reached.isEmpty()
                    && reached.stream().allMatch(database -> database.changes().isEmpty())) {
                notices.add(Problem.at(
                                agent.at(),
                                "agent " + Quoted.of(agent.name())
                                        + " may ask for schema changes, and nobody could make one: "
                                        + reached.stream()
                                                .map(database -> "database " + database.name())
                                                .collect(Collectors.joining(", "))
                                        + (reached.size() == 1 ? " has" : " have") + " no changes")
                        .remedy("say who makes them: changes: {username: ..., password: ...}"));
            }
        }
        return notices;
    }

    private List<Profile.DatabaseEntry> databasesOf(Profile.Agent agent) {
        return agent.access().stream()
                .map(Profile.Access::scope)
                .filter(scopes::containsKey)
                .map(scope -> Objects.requireNonNull(scopes.get(scope)).database())
                .distinct()
                .filter(databases::containsKey)
                .map(database -> Objects.requireNonNull(databases.get(database)))
                .toList();
    }
}
