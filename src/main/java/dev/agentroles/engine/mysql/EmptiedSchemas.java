package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import dev.agentroles.engine.Statement;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// Databases of guarded views whose last view a plan takes away, while the guard itself stays.
final class EmptiedSchemas {
    private EmptiedSchemas() {}

    /// The statements that drop them, none of which runs where a view could not be taken away.
    static List<Statement> drop(List<Step> steps, GuardCatalog guard) {
        if (steps.stream().anyMatch(step -> step.change() instanceof Change.RemoveGuardCore)) {
            return List.of();
        }
        var going = new HashMap<String, SequencedMap<Securable.Relation, Step>>();
        var coming = new HashSet<String>();
        for (var step : steps) {
            if (step.change() instanceof Change.DetachGuard(var table)) {
                guard.form()
                        .viewSchemas(table.on())
                        .forEach(schema -> going.computeIfAbsent(schema, _ -> new LinkedHashMap<>())
                                .put(new Securable.Relation(schema, table.on().name()), step));
            } else if (step.change() instanceof Change.AttachGuard(var table, var _)) {
                coming.addAll(guard.form().viewSchemas(table.on()));
            }
        }
        var statements = new ArrayList<Statement>();
        for (var schema : guard.ownPlaces()) {
            var taken = going.getOrDefault(schema, new LinkedHashMap<>());
            boolean emptied = !taken.isEmpty()
                    && !coming.contains(schema)
                    && guard.views().keySet().stream()
                            .filter(view -> view.schema().equals(schema))
                            .allMatch(taken::containsKey);
            if (emptied) {
                var last = List.of(taken.lastEntry().getValue());
                var all = Set.copyOf(taken.values());
                GuardSql.dropViews(schema).forEach(sql -> statements.add(new Statement(sql, last).after(all)));
            }
        }
        return statements;
    }
}
