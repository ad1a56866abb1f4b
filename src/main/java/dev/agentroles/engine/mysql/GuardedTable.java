package dev.agentroles.engine.mysql;

import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// A table that writers reach through a guarded view, with all that the view is made of.
///
/// @param columns in their order; invisible ones are left out
/// @param key a column of a key that is never NULL
/// @param overwrites whether a row of REPLACE may take several away, and the server does not look at each of them
/// @param byColumn whether UPDATE on the view is given column by column, as foreign keys would carry changes of the
/// others into other tables
/// @param paths the foreign keys along which rows go with a deleted row
/// @param tiers whose members write through the view
record GuardedTable(
        Securable.Relation table,
        List<String> columns,
        Optional<String> key,
        boolean overwrites,
        boolean byColumn,
        List<Path> paths,
        SortedSet<RoleName> tiers) {
    GuardedTable {
        columns = List.copyOf(columns);
        paths = List.copyOf(paths);
        tiers = Collections.unmodifiableSortedSet(new TreeSet<>(tiers));
    }

    /// The same with other columns in its view.
    GuardedTable showing(List<String> others) {
        return new GuardedTable(table, others, key, overwrites, byColumn, paths, tiers);
    }

    /// A chain of foreign keys: the first refers to the guarded table, each other to the child of
    /// the one before.
    record Path(List<ForeignKey> keys) {
        Path {
            keys = List.copyOf(keys);
        }

        ForeignKey first() {
            return keys.getFirst();
        }
    }

    /// A foreign key that deletes or empties rows of its child when a row of its parent goes.
    ///
    /// @param parentTypes of the parent's columns, as SQL writes them
    /// @param deletes ON DELETE CASCADE; else SET NULL, which goes no further
    record ForeignKey(
            Securable.Relation child,
            List<String> childColumns,
            Securable.Relation parent,
            List<String> parentColumns,
            List<String> parentTypes,
            boolean deletes) {
        ForeignKey {
            childColumns = List.copyOf(childColumns);
            parentColumns = List.copyOf(parentColumns);
            parentTypes = List.copyOf(parentTypes);
        }
    }

    /// Every chain from a table that passes no table twice. Where rows go in a circle, what comes
    /// after the first round is not counted; a circle through the table itself is an obstacle.
    ///
    /// @param byParent foreign keys that delete or empty, by the table they refer to
    static List<Path> paths(Securable.Relation table, Map<Securable.Relation, List<ForeignKey>> byParent) {
        var found = new ArrayList<Path>();
        extend(List.of(), table, new ArrayList<>(List.of(table)), byParent, found);
        return found;
    }

    private static void extend(
            List<ForeignKey> chain,
            Securable.Relation end,
            List<Securable.Relation> seen,
            Map<Securable.Relation, List<ForeignKey>> byParent,
            List<Path> found) {
        for (var key : byParent.getOrDefault(end, List.of())) {
            if (seen.contains(key.child())) {
                continue;
            }
            var longer = new ArrayList<>(chain);
            longer.add(key);
            found.add(new Path(longer));
            if (key.deletes()) {
                seen.add(key.child());
                extend(longer, key.child(), seen, byParent, found);
                seen.removeLast();
            }
        }
    }
}
