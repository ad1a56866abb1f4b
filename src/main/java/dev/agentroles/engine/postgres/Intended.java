package dev.agentroles.engine.postgres;

import dev.agentroles.access.AccessState;
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
import dev.agentroles.engine.Subject;
import java.util.LinkedHashSet;
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
        var memberships = memberships(subject, state);
        var roles = new LinkedHashSet<RoleName>();
        roles.add(subject.role());
        int before = 0;
        while (before != roles.size()) {
            before = roles.size();
            memberships.stream()
                    .filter(membership -> roles.contains(membership.member()))
                    .map(Membership::group)
                    .toList()
                    .forEach(roles::add);
        }
        var grants = state.grants().stream()
                .filter(grant -> grant.grantee() instanceof Grantee.Role(var name) && roles.contains(name))
                .collect(Collectors.toSet());
        return new Intended(
                state.roles().stream()
                        .filter(role -> role.name().equals(subject.role()))
                        .map(Role::mark)
                        .findFirst(),
                roles,
                memberships.stream()
                        .filter(membership -> roles.contains(membership.member()))
                        .collect(Collectors.toSet()),
                grants,
                grants.stream().collect(Collectors.groupingBy(grant -> whole(grant.on()))),
                marked(grants),
                state.defaults(),
                state.settings().stream()
                        .filter(setting -> setting.role().equals(subject.role()))
                        .collect(Collectors.toMap(Setting::name, Setting::value)));
    }

    /// A login is no part of a state; its one membership is known all the same.
    private static Set<Membership> memberships(Subject subject, AccessState state) {
        return switch (subject) {
            case Subject.AgentRole _ -> state.memberships();
            case Subject.Login login ->
                Stream.concat(
                                state.memberships().stream(),
                                Stream.of(new Membership(login.agentRole(), login.role(), true, false, false)))
                        .collect(Collectors.toSet());
        };
    }

    private static Securable whole(Securable on) {
        return on instanceof Securable.Column column ? column.owner() : on;
    }

    private static Set<RoleName> marked(Set<Grant> grants) {
        return grants.stream()
                .filter(grant -> grant.on().equals(Guard.MARKER))
                .flatMap(grant -> grant.grantee() instanceof Grantee.Role(var name) ? Stream.of(name) : Stream.empty())
                .collect(Collectors.toSet());
    }

    /// The grants on the object or, if that is a table, on columns of it.
    private Stream<Grant> on(Securable on) {
        return byObject.getOrDefault(whole(on), List.of()).stream();
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
        return given.equals(asked) || given.equals(whole(asked));
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
