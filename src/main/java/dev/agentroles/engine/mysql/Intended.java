package dev.agentroles.engine.mysql;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Subject;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a profile wants one subject to be able to do.
///
/// @param mark of the subject, if it is an agent role
/// @param roles the subject and the roles it shall have the power of
/// @param memberships among them
/// @param grants to them
/// @param given the same by object
/// @param guard of the whole server
record Intended(
        Optional<Mark> mark,
        Set<RoleName> roles,
        Set<Membership> memberships,
        Set<Grant> grants,
        Map<Securable, Set<Privilege>> given,
        Guard guard) {
    static Intended of(Subject subject, AccessState state) {
        var all = new HashSet<>(state.memberships());
        if (subject instanceof Subject.Login login) {
            // A login is no part of a state; its one membership is known all the same.
            all.add(new Membership(login.agentRole(), login.role(), true, false, false));
        }
        var roles = new LinkedHashSet<RoleName>();
        var memberships = new LinkedHashSet<Membership>();
        var next = new ArrayDeque<RoleName>();
        next.add(subject.role());
        while (!next.isEmpty()) {
            var member = next.remove();
            if (roles.add(member)) {
                all.stream()
                        .filter(membership -> membership.member().equals(member))
                        .forEach(membership -> {
                            memberships.add(membership);
                            next.add(membership.group());
                        });
            }
        }
        var grants = new LinkedHashSet<Grant>();
        var given = new HashMap<Securable, Set<Privilege>>();
        for (var grant : state.grants()) {
            if (grant.grantee() instanceof Grantee.Role(var name) && roles.contains(name)) {
                grants.add(grant);
                given.computeIfAbsent(grant.on(), _ -> new HashSet<>()).add(grant.privilege());
            }
        }
        var mark = state.roles().stream()
                .filter(role -> role.name().equals(subject.role()))
                .map(Role::mark)
                .findFirst();
        return new Intended(mark, roles, memberships, grants, given, state.guard());
    }

    /// Whether the profile gives the privilege, on the object or on the table around the column.
    boolean gives(Privilege privilege, Securable on) {
        return given.getOrDefault(on, Set.of()).contains(privilege)
                || (on instanceof Securable.Column column && gives(privilege, column.owner()));
    }

    /// Whether it writes under the guard.
    boolean writes() {
        return guard.limits().stream().anyMatch(limits -> roles.contains(limits.agent()));
    }
}
