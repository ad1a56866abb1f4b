package dev.agentroles.access;

import java.util.Set;

/// Facts about our roles in one database: what is wanted and what is there are two values of this same
/// type, and a plan is the difference. Holds nothing about leases, whose life is the ledger's.
///
/// @param grants to our roles; for PUBLIC only where the profile hardens
/// @param guard what holds writers to their limits
public record AccessState(
        Set<Role> roles,
        Set<Membership> memberships,
        Set<Grant> grants,
        Set<DefaultGrant> defaults,
        Set<Setting> settings,
        Guard guard) {
    public static final AccessState EMPTY =
            new AccessState(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Guard.NONE);

    public AccessState {
        roles = Set.copyOf(roles);
        memberships = Set.copyOf(memberships);
        grants = Set.copyOf(grants);
        defaults = Set.copyOf(defaults);
        settings = Set.copyOf(settings);
    }

    /// Without any guard.
    public AccessState(
            Set<Role> roles,
            Set<Membership> memberships,
            Set<Grant> grants,
            Set<DefaultGrant> defaults,
            Set<Setting> settings) {
        this(roles, memberships, grants, defaults, settings, Guard.NONE);
    }
}
