package dev.agentroles.engine;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Attributes;
import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Setting;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Reason;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What a profile wants in one database, while it is being gathered: facts, each with the first reason that was
/// given for it, and what cannot be had.
public final class DesiredFacts {
    private final String environment;
    private final String database;
    private final Set<Role> roles = new HashSet<>();
    private final Set<Membership> memberships = new HashSet<>();
    private final Set<Grant> grants = new HashSet<>();
    private final Set<DefaultGrant> defaults = new HashSet<>();
    private final Set<Setting> settings = new HashSet<>();
    private final Map<Object, Reason> reasons = new HashMap<>();
    private final Set<Problem> problems = new LinkedHashSet<>();
    private final Map<Problem, Rule> exposed = new LinkedHashMap<>();
    private final Set<Problem> notices = new LinkedHashSet<>();
    private Optional<Reason> asking = Optional.empty();

    /// @param database the entry's name in the profile
    public DesiredFacts(String environment, String database) {
        this.environment = environment;
        this.database = database;
    }

    /// Why an agent belongs to a tier role.
    public static Reason because(Profile.Agent agent, Profile.Scope scope, Profile.Access access) {
        return Reason.of(
                "agent " + agent.name() + " has tier " + access.tier().word() + " in scope " + scope.name(),
                access.at());
    }

    /// A role that only holds grants.
    ///
    /// @return the mark that it must carry
    public Mark group(RoleName name, Mark.Kind kind, Reason reason) {
        var mark = new Mark(environment, database, kind);
        because(reason, roles, new Role(name, mark, Attributes.GROUP));
        return mark;
    }

    /// A login that is there and stays.
    ///
    /// @param open whether it may log in
    public void login(RoleName name, Mark mark, boolean open) {
        roles.add(new Role(name, mark, new Attributes(open, true, Collections.emptySortedSet())));
    }

    public void membership(Membership membership, Reason reason) {
        because(reason, memberships, membership);
    }

    public void grant(Grant grant, Reason reason) {
        because(reason, grants, grant);
    }

    /// Takes back what was wanted.
    public void withhold(Set<Desired.Write> writes) {
        grants.removeIf(
                grant -> Desired.Write.of(grant).filter(writes::contains).isPresent());
    }

    /// Privileges on a relation of a scope, or on the columns of it that are left.
    public void grants(RoleName to, List<Privilege> privileges, ScopeResolver.Included<?> included) {
        var relation = included.row().relation();
        var reason = Reason.of(
                "included by \"" + included.by().text() + "\""
                        + (included.byColumn() ? " without excluded columns" : ""),
                included.by().at());
        for (var privilege : privileges) {
            // Rows are deleted whole: DELETE has no columns.
            if (included.byColumn() && privilege != Privilege.DELETE) {
                included.columns().forEach(column -> grant(Grant.of(to, privilege, relation.column(column)), reason));
            } else {
                grant(Grant.of(to, privilege, relation), reason);
            }
        }
    }

    /// The roles that hold such a grant by a group that they belong to.
    public Set<RoleName> heldThroughGroups(Predicate<Grant> such) {
        var groups = grants.stream().filter(such).map(Grant::grantee).collect(Collectors.toSet());
        return memberships.stream()
                .filter(membership -> groups.contains(Grantee.role(membership.group())))
                .map(Membership::member)
                .collect(Collectors.toSet());
    }

    /// What an agent needs to ask for schema changes, if it may.
    public void asks(Profile.Agent agent, List<Grant> needed) {
        if (agent.requestsChanges()) {
            var reason = Reason.of("agent " + agent.name() + " may ask for schema changes", agent.at());
            needed.forEach(grant -> grant(grant, reason));
            asking = asking.or(() -> Optional.of(reason));
        }
    }

    /// What agents ask for schema changes by, if one may.
    ///
    /// @param there whether agentroles made what is there
    /// @param taken why nothing of ours can stand or go there, and what to do
    /// @param wanted a fingerprint of what this version makes
    /// @return the fingerprint of what is to be there, as in [AccessState]
    public Optional<String> door(boolean there, Optional<Problem> taken, String wanted) {
        if (there || asking.isPresent()) {
            taken.ifPresent(
                    problem -> problem(new Problem(asking.flatMap(Reason::where), problem.what(), problem.remedy())));
        }
        asking.ifPresent(reason -> reasons.put(wanted, reason));
        return asking.map(_ -> wanted);
    }

    public void defaultGrant(DefaultGrant grant, Reason reason) {
        because(reason, defaults, grant);
    }

    public void setting(Setting setting, Reason reason) {
        because(reason, settings, setting);
    }

    private <F> void because(Reason reason, Set<F> facts, F fact) {
        facts.add(fact);
        reasons.putIfAbsent(fact, reason);
    }

    /// The reasons by their fact, to add others to.
    public Map<Object, Reason> reasons() {
        return reasons;
    }

    public void problem(Problem problem) {
        problems.add(problem);
    }

    /// A problem by which agents may read what the profile hides.
    ///
    /// @param rule what an audit calls it
    public void exposed(Problem problem, Rule rule) {
        problems.add(problem);
        exposed.put(problem, rule);
    }

    public void notice(Problem notice) {
        notices.add(notice);
    }

    /// A name is somebody else's.
    ///
    /// @param kind what the engine calls what has the name: `role`
    /// @param mark what that carries in place of our mark
    public void taken(String kind, RoleName name, Optional<String> mark, Reason reason) {
        var whose = mark.flatMap(Mark::parse)
                .map(other -> "it belongs to environment " + other.environment() + ", database " + other.database())
                .orElse("agentroles did not make it");
        problem(new Problem(
                reason.where(),
                kind + " \"" + name + "\" is taken: " + whose,
                Optional.of("drop or rename that " + kind + ", or give the database or agent of the profile another"
                        + " name; it is not touched")));
    }

    /// All that was gathered, problems sorted by their words.
    ///
    /// @param expiry a fingerprint, as in [AccessState]
    /// @param door the same
    /// @param held as in [Desired]
    /// @param unguarded what is held and nothing guards, whether or not it is wanted
    public Desired desired(
            Guard guard,
            Optional<String> expiry,
            Optional<String> door,
            List<Change.Harden> hardening,
            Map<Securable.Relation, Set<Desired.Write>> held,
            Set<Grant> unguarded) {
        return new Desired(
                new AccessState(roles, memberships, grants, defaults, settings, guard, expiry, door),
                reasons,
                held,
                unguarded.stream().filter(grants::contains).collect(Collectors.toSet()),
                hardening,
                sorted(problems),
                exposed,
                sorted(notices));
    }

    private static List<Problem> sorted(Set<Problem> problems) {
        return problems.stream().sorted(Comparator.comparing(Problem::toString)).toList();
    }
}
