package dev.agentroles.access;

import java.util.Set;

/// What a role may do by itself, beside its grants.
///
/// @param login whether it can open a session
/// @param inherit whether memberships act without SET ROLE (PostgreSQL 15) or by default (16 and later)
/// @param powers attributes that no agent may have, by the engine's keyword (`SUPERUSER`, `BYPASSRLS`, ...)
public record Attributes(boolean login, boolean inherit, Set<String> powers) {
    /// A role that only holds grants.
    public static final Attributes GROUP = new Attributes(false, true, Set.of());

    public Attributes {
        powers = Set.copyOf(powers);
    }
}
