package dev.agentroles.access;

import java.util.Optional;
import java.util.Set;

/// What holds writers to WHERE and to their limits, inside one database.
///
/// @param core fingerprint of the guard's own objects; empty: there are none
/// @param tables that are guarded
/// @param limits of each agent in each of its tiers
public record Guard(Optional<String> core, Set<Table> tables, Set<Limits> limits) {
    /// On PostgreSQL, SELECT on this is the mark of those whom the guard holds.
    public static final Securable.Relation MARKER = new Securable.Relation("agentroles_guard", "marker");

    public static final Guard NONE = new Guard(Optional.empty(), Set.of(), Set.of());

    public Guard {
        tables = Set.copyOf(tables);
        limits = Set.copyOf(limits);
    }

    /// A table whose changes the guard sees.
    ///
    /// @param definition how the guard is attached, in the engine's words: equal only if it works
    /// the same
    /// @param locks whether others wait while it is attached or detached
    public record Table(Securable.Relation on, String definition, boolean locks) {}

    /// What one agent may do by one of its tier roles.
    ///
    /// @param caps empty: the tier lets it change any rows
    public record Limits(RoleName agent, RoleName tier, Optional<Caps> caps) {}

    /// @param rows of a table that one statement may change
    /// @param rowsPerTransaction of a table that one transaction may change
    /// @param wholeTable up to how many rows a table may have that one statement empties or
    /// rewrites; `UNBOUNDED` where the engine cannot hold anybody to it, as with transactions
    /// @param window what the agent may change in all tables within a time
    /// @param functions whether functions and procedures of the application may write for the agent
    public record Caps(
            long rows, long rowsPerTransaction, long wholeTable, Optional<Window> window, boolean functions) {
        public static final long UNBOUNDED = Long.MAX_VALUE;
    }

    public record Window(long rows, long seconds) {}
}
