package dev.agentroles.engine;

import dev.agentroles.access.Securable;
import java.util.List;

/// An object that a person named and the database has.
///
/// @param parents tables and guarded views through which its rows are read and changed, too, nearest first
public record NamedObject(Securable on, List<Parent> parents) {
    public NamedObject {
        parents = List.copyOf(parents);
    }

    /// @param partition whether rows are inserted through it, too
    public record Parent(Securable.Relation table, boolean partition) {}

    public static NamedObject of(Securable on) {
        return new NamedObject(on, List.of());
    }
}
