package dev.agentroles.engine.mysql;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.IntendedPower;
import dev.agentroles.engine.Subject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
        var power = IntendedPower.of(subject, state);
        var given = power.grants().stream()
                .collect(Collectors.groupingBy(Grant::on, Collectors.mapping(Grant::privilege, Collectors.toSet())));
        return new Intended(power.mark(), power.roles(), power.memberships(), power.grants(), given, state.guard());
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
