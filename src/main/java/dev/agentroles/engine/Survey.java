package dev.agentroles.engine;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a database has, seen before there is a profile for it. The server's own schemas and those of agentroles are
/// left out.
///
/// @param tables sorted by schema and name
/// @param columns of all of them
/// @param ancestors of each table that is a partition or inherits from others: those tables, however far up
/// @param sequences behind columns, each with its table
/// @param everybody what a hardening of this engine would take away
/// @param entersSchemas whether a table is out of reach for whoever has no USAGE on its schema
/// @param hidesColumns whether whoever may read one column of a table is kept from the others
/// @param hidesFromWriters the same of whoever may insert into it, too
public record Survey(
        List<Table> tables,
        Columns columns,
        Map<Securable.Relation, Set<Securable.Relation>> ancestors,
        Map<Securable.Sequence, Securable.Relation> sequences,
        List<Everybody> everybody,
        boolean entersSchemas,
        boolean hidesColumns,
        boolean hidesFromWriters) {
    public Survey {
        tables = List.copyOf(tables);
        ancestors = Map.copyOf(ancestors);
        sequences = Map.copyOf(sequences);
        everybody = List.copyOf(everybody);
    }

    /// @param stored whether rows are in it: a view and a foreign table read elsewhere
    public record Table(Securable.Relation name, boolean stored) {}

    /// A privilege that everybody has.
    ///
    /// @param word of `harden` that takes it away
    /// @param keepers who have it through everybody alone and would be given it back
    public record Everybody(String word, Privilege privilege, Securable on, List<RoleName> keepers) {
        public Everybody {
            keepers = List.copyOf(keepers);
        }
    }
}
