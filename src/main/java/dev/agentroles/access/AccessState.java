package dev.agentroles.access;

import java.util.Set;

/// Facts about our roles in one database: what is wanted and what is there are two values of this same type, and a
/// plan is the difference. Holds nothing about leases, whose life is the ledger's.
///
/// @param grants to our roles; for PUBLIC only where the profile hardens
public record AccessState(
        Set<Role> roles,
        Set<Membership> memberships,
        Set<Grant> grants,
        Set<DefaultGrant> defaults,
        Set<Setting> settings) {
    public static final AccessState EMPTY = new AccessState(Set.of(), Set.of(), Set.of(), Set.of(), Set.of());

    public AccessState {
        roles = Set.copyOf(roles);
        memberships = Set.copyOf(memberships);
        grants = Set.copyOf(grants);
        defaults = Set.copyOf(defaults);
        settings = Set.copyOf(settings);
    }
}
