package dev.agentroles.access;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a role may do by itself, beside its grants.
///
/// @param login whether it can open a session
/// @param inherit whether memberships act without SET ROLE (PostgreSQL 15) or by default (16 and later)
/// @param powers attributes that no agent may have, by the engine's keyword (`SUPERUSER`, `BYPASSRLS`, ...)
public record Attributes(boolean login, boolean inherit, SortedSet<String> powers) {
    /// A role that only holds grants.
    public static final Attributes GROUP = new Attributes(false, true, Collections.emptySortedSet());

    public Attributes {
        powers = Collections.unmodifiableSortedSet(new TreeSet<>(powers));
    }
}
