package dev.agentroles.engine;

import dev.agentroles.access.Securable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What there is beside what is granted: against it a grant can be told as all of a schema, or as a table
/// without some of its columns.
///
/// @param relations tables and views of the schemas that the profile's patterns name, guarded views among them
/// @param columns of those relations of which something may be granted by column, in their order
/// @param standsFor of each guarded view that writers are to use the table, where the engine guards by views
public record Inventory(
        Set<Securable.Relation> relations,
        Map<Securable.Relation, List<String>> columns,
        Map<Securable.Relation, Securable.Relation> standsFor) {
    public Inventory {
        relations = Set.copyOf(relations);
        columns = Map.copyOf(columns);
        standsFor = Map.copyOf(standsFor);
    }
}
