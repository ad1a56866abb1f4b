package dev.agentroles.engine;

import dev.agentroles.access.Securable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Columns of tables and views: of those of which a profile excludes some, and of what is kin to them.
public final class Columns {
    public static final Columns NONE = new Columns(List.of());

    private final Map<Securable.Relation, List<String>> names = new LinkedHashMap<>();
    private final Map<Securable.Relation, Map<String, Set<String>>> computed = new LinkedHashMap<>();

    /// @param rows in the order of the columns of each relation
    public Columns(List<Row> rows) {
        for (var row : rows) {
            var relation = row.column().owner();
            names.computeIfAbsent(relation, _ -> new ArrayList<>())
                    .add(row.column().name());
            if (!row.from().isEmpty()) {
                computed.computeIfAbsent(relation, _ -> new LinkedHashMap<>())
                        .put(row.column().name(), row.from());
            }
        }
    }

    /// @param from the other columns of the row that it is computed from, as a generated column is
    public record Row(Securable.Column column, Set<String> from) {
        public Row {
            from = Set.copyOf(from);
        }
    }

    /// In their order; empty if they were not asked for.
    public List<String> of(Securable.Relation relation) {
        return names.getOrDefault(relation, List.of());
    }

    /// All that were asked for, each in its order.
    public Map<Securable.Relation, List<String>> byRelation() {
        return Collections.unmodifiableMap(names);
    }

    /// All that a column is computed from, also by way of others.
    public Set<String> origins(Securable.Relation table, String column) {
        var sources = computed(table);
        var origins = new HashSet<String>();
        var open = new ArrayDeque<String>(List.of(column));
        while (!open.isEmpty()) {
            for (var from : sources.getOrDefault(open.removeFirst(), Set.of())) {
                if (origins.add(from)) {
                    open.add(from);
                }
            }
        }
        return origins;
    }

    /// The tables with columns that are computed from others.
    Set<Securable.Relation> computing() {
        return computed.keySet();
    }

    /// The columns of a table that are computed, each with those that it is computed from.
    Map<String, Set<String>> computed(Securable.Relation table) {
        return computed.getOrDefault(table, Map.of());
    }
}
