package dev.agentroles.access;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Facts about our roles in one database: what is wanted and what is there are two values of this same
/// type, and a plan is the difference. Holds nothing about leases, whose life is the ledger's.
///
/// @param grants to our roles; for PUBLIC only where the profile hardens
/// @param guard what holds writers to their limits
/// @param expiry a fingerprint of what ends leases at the server by itself; empty: nothing, or the server
/// needs none
/// @param door a fingerprint of the routines by which agents ask for schema changes; empty: there are none
public record AccessState(
        Set<Role> roles,
        Set<Membership> memberships,
        Set<Grant> grants,
        Set<DefaultGrant> defaults,
        Set<Setting> settings,
        Guard guard,
        Optional<String> expiry,
        Optional<String> door) {
    public static final AccessState EMPTY =
            new AccessState(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Guard.NONE);

    public AccessState {
        roles = Set.copyOf(roles);
        memberships = Set.copyOf(memberships);
        grants = Set.copyOf(grants);
        defaults = Set.copyOf(defaults);
        settings = Set.copyOf(settings);
    }

    /// Without these roles and their memberships. What they hold is left: it goes with them.
    public AccessState without(Set<RoleName> gone) {
        return new AccessState(
                roles.stream().filter(role -> !gone.contains(role.name())).collect(Collectors.toSet()),
                memberships.stream()
                        .filter(membership -> !gone.contains(membership.member()))
                        .collect(Collectors.toSet()),
                grants,
                defaults,
                settings,
                guard,
                expiry,
                door);
    }

    /// Without anything that ends leases, and without a door.
    public AccessState(
            Set<Role> roles,
            Set<Membership> memberships,
            Set<Grant> grants,
            Set<DefaultGrant> defaults,
            Set<Setting> settings,
            Guard guard) {
        this(roles, memberships, grants, defaults, settings, guard, Optional.empty(), Optional.empty());
    }

    /// Without any guard, either.
    public AccessState(
            Set<Role> roles,
            Set<Membership> memberships,
            Set<Grant> grants,
            Set<DefaultGrant> defaults,
            Set<Setting> settings) {
        this(roles, memberships, grants, defaults, settings, Guard.NONE);
    }
}
