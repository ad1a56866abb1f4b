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
/// @param settings that its sessions begin with
record Intended(
        Optional<Mark> mark,
        Set<RoleName> roles,
        Set<Membership> memberships,
        Set<Grant> grants,
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
        return new Intended(
                state.roles().stream()
                        .filter(role -> role.name().equals(subject.role()))
                        .map(Role::mark)
                        .findFirst(),
                roles,
                memberships.stream()
                        .filter(membership -> roles.contains(membership.member()))
                        .collect(Collectors.toSet()),
                state.grants().stream()
                        .filter(grant -> grant.grantee() instanceof Grantee.Role(var name) && roles.contains(name))
                        .collect(Collectors.toSet()),
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

    /// Whether the profile gives the privilege, on the object or on the table around the column.
    boolean gives(Privilege privilege, Securable on) {
        return grants.stream().anyMatch(grant -> grant.privilege() == privilege && covers(grant.on(), on));
    }

    boolean givesGrantable(Privilege privilege, Securable on) {
        return grants.stream()
                .anyMatch(grant -> grant.grantable() && grant.privilege() == privilege && covers(grant.on(), on));
    }

    private static boolean covers(Securable given, Securable asked) {
        return given.equals(asked)
                || (asked instanceof Securable.Column column && column.owner().equals(given));
    }

    Optional<Membership> membership(RoleName member, RoleName group) {
        return memberships.stream()
                .filter(membership ->
                        membership.member().equals(member) && membership.group().equals(group))
                .findFirst();
    }

    /// The roles of the subject that the guard looks at.
    Set<RoleName> marked() {
        return grants.stream()
                .filter(grant -> grant.on().equals(Guard.MARKER))
                .flatMap(grant -> grant.grantee() instanceof Grantee.Role(var name) ? Stream.of(name) : Stream.empty())
                .collect(Collectors.toSet());
    }

    /// Whether a tier without a guard lets the subject change rows of the table.
    boolean free(Securable.Relation table) {
        var marked = marked();
        return grants.stream()
                .anyMatch(grant -> (grant.privilege() == Privilege.UPDATE || grant.privilege() == Privilege.DELETE)
                        && (grant.on().equals(table)
                                || (grant.on() instanceof Securable.Column column
                                        && column.owner().equals(table)))
                        && grant.grantee() instanceof Grantee.Role(var name)
                        && !marked.contains(name));
    }

    /// Whether the guard holds the subject on the table.
    boolean guarded(Securable.Relation table) {
        return !marked().isEmpty() && gives(Privilege.DELETE, table) && !free(table);
    }
}
