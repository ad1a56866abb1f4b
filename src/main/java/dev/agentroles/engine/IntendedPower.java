package dev.agentroles.engine;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Grantee;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Role;
import dev.agentroles.access.RoleName;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The part of what is wanted that gives one subject its power.
///
/// @param mark of the subject, if it is an agent role
/// @param roles the subject and the roles it shall have the power of
/// @param memberships among them
/// @param grants to them
public record IntendedPower(Optional<Mark> mark, Set<RoleName> roles, Set<Membership> memberships, Set<Grant> grants) {
    public static IntendedPower of(Subject subject, AccessState state) {
        var all = new HashSet<>(state.memberships());
        if (subject instanceof Subject.Login login) {
            // A login is no part of a state; its one membership is known all the same.
            all.add(new Membership(login.agentRole(), login.role(), true, false, false));
        }
        var byMember = all.stream().collect(Collectors.groupingBy(Membership::member, Collectors.toSet()));
        var roles = new LinkedHashSet<RoleName>();
        var memberships = new LinkedHashSet<Membership>();
        var next = new ArrayDeque<RoleName>();
        next.add(subject.role());
        while (!next.isEmpty()) {
            var member = next.remove();
            if (roles.add(member)) {
                var own = byMember.getOrDefault(member, Set.of());
                memberships.addAll(own);
                own.stream().map(Membership::group).forEach(next::add);
            }
        }
        return new IntendedPower(
                state.roles().stream()
                        .filter(role -> role.name().equals(subject.role()))
                        .map(Role::mark)
                        .findFirst(),
                roles,
                memberships,
                state.grants().stream()
                        .filter(grant -> grant.grantee() instanceof Grantee.Role(var name) && roles.contains(name))
                        .collect(Collectors.toSet()));
    }
}
