package dev.agentroles.engine.postgres;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.DefaultGrant;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.Setting;
import dev.agentroles.engine.IntendedPower;
import dev.agentroles.engine.Subject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a profile wants one subject to be able to do.
///
/// @param mark of the subject, if it is an agent role
/// @param roles the subject and the roles it shall have the power of
/// @param memberships among them
/// @param grants to them
/// @param byObject the same, by the object or the table around the column: it is asked for each of many tables
/// @param marked those of the roles that the guard looks at
/// @param settings that its sessions begin with
record Intended(
        Optional<Mark> mark,
        Set<RoleName> roles,
        Set<Membership> memberships,
        Set<Grant> grants,
        Map<Securable, List<Grant>> byObject,
        Set<RoleName> marked,
        Set<DefaultGrant> defaults,
        Map<String, String> settings) {
    static Intended of(Subject subject, AccessState state) {
        var power = IntendedPower.of(subject, state);
        return new Intended(
                power.mark(),
                power.roles(),
                power.memberships(),
                power.grants(),
                power.grants().stream()
                        .collect(Collectors.groupingBy(grant -> grant.on().whole())),
                marked(power.grants()),
                state.defaults(),
                state.settings().stream()
                        .filter(setting -> setting.role().equals(subject.role()))
                        .collect(Collectors.toMap(Setting::name, Setting::value)));
    }

    private static Set<RoleName> marked(Set<Grant> grants) {
        return grants.stream()
                .filter(grant -> grant.on().equals(Guard.MARKER))
                .flatMap(grant -> grant.grantee() instanceof Grantee.Role(var name) ? Stream.of(name) : Stream.empty())
                .collect(Collectors.toSet());
    }

    /// The grants on the object or, if that is a table, on columns of it.
    private Stream<Grant> on(Securable on) {
        return byObject.getOrDefault(on.whole(), List.of()).stream();
    }

    /// Whether the profile gives anything on the table or on a column of it.
    boolean reaches(Securable.Relation table) {
        return byObject.containsKey(table);
    }

    /// Whether the profile gives the privilege, on the object or on the table around the column.
    boolean gives(Privilege privilege, Securable on) {
        return on(on).anyMatch(grant -> grant.privilege() == privilege && covers(grant.on(), on));
    }

    boolean givesGrantable(Privilege privilege, Securable on) {
        return on(on).anyMatch(grant -> grant.grantable() && grant.privilege() == privilege && covers(grant.on(), on));
    }

    private static boolean covers(Securable given, Securable asked) {
        return given.equals(asked) || given.equals(asked.whole());
    }

    Optional<Membership> membership(RoleName member, RoleName group) {
        return memberships.stream()
                .filter(membership ->
                        membership.member().equals(member) && membership.group().equals(group))
                .findFirst();
    }

    /// Whether a tier without a guard lets the subject change rows of the table.
    boolean free(Securable.Relation table) {
        return on(table)
                .anyMatch(grant -> (grant.privilege() == Privilege.UPDATE || grant.privilege() == Privilege.DELETE)
                        && grant.grantee() instanceof Grantee.Role(var name)
                        && !marked.contains(name));
    }

    /// Whether the guard holds the subject on the table.
    boolean guarded(Securable.Relation table) {
        return !marked.isEmpty() && gives(Privilege.DELETE, table) && !free(table);
    }
}
