package dev.agentroles.engine.postgres;

import dev.agentroles.access.Securable;
import dev.agentroles.engine.postgres.Catalog.RelationRow;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Pattern;
import dev.agentroles.profile.Profile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Turns the patterns of one scope into relations and columns. A wildcard takes tables; a view that reads beyond the
/// scope with its owner's rights, and a foreign table, are windows to elsewhere: they are taken only by exact name.
final class ScopeResolver {
    private final Catalog catalog;
    private final Profile.Scope scope;
    private final Consumer<Problem> problems;
    private final Consumer<Problem> notices;

    ScopeResolver(Catalog catalog, Profile.Scope scope, Consumer<Problem> problems, Consumer<Problem> notices) {
        this.catalog = catalog;
        this.scope = scope;
        this.problems = problems;
        this.notices = notices;
    }

    /// One relation of the scope.
    ///
    /// @param by the include that took it
    /// @param columns the columns left when some are excluded; empty: all of them, now and later
    record Included(RelationRow row, Pattern by, List<String> columns) {
        boolean byColumn() {
            return !columns.isEmpty();
        }
    }

    List<Included> resolve() {
        var taken = take();
        withoutExcluded(taken);
        withoutWindows(taken);
        return taken.values().stream()
                .flatMap(candidate -> columns(candidate).stream())
                .toList();
    }

    private record Candidate(RelationRow row, Pattern by) {}

    private Map<Securable.Relation, Candidate> take() {
        var taken = new LinkedHashMap<Securable.Relation, Candidate>();
        for (var pattern : scope.include()) {
            var matches = catalog.relations().stream()
                    .filter(row -> matches(pattern, row.relation()))
                    .toList();
            if (matches.isEmpty()) {
                problems.accept(nothing(pattern));
            }
            for (var row : matches) {
                taken.merge(
                        row.relation(),
                        new Candidate(row, pattern),
                        (first, next) -> first.by().exact() || !next.by().exact() ? first : next);
            }
        }
        return taken;
    }

    private void withoutExcluded(Map<Securable.Relation, Candidate> taken) {
        for (var pattern : scope.exclude()) {
            if (pattern.column().isEmpty()
                    && !taken.keySet().removeIf(relation -> matches(pattern, relation))
                    && catalog.relations().stream().noneMatch(row -> matches(pattern, row.relation()))) {
                problems.accept(nothing(pattern));
            }
        }
    }

    /// Taking one view away may lay open another that reads it, so this goes on until nothing changes.
    private void withoutWindows(Map<Securable.Relation, Candidate> taken) {
        boolean changed = true;
        while (changed) {
            var windows = taken.values().stream()
                    .filter(candidate -> !candidate.by().exact())
                    .filter(candidate -> candidate.row().foreign()
                            || !beyond(candidate.row(), taken.keySet()).isEmpty())
                    .toList();
            for (var window : windows) {
                notices.accept(left(window, beyond(window.row(), taken.keySet())));
                taken.remove(window.row().relation());
            }
            changed = !windows.isEmpty();
        }
    }

    private List<Securable.Relation> beyond(RelationRow row, Set<Securable.Relation> inside) {
        return catalog.viewReads().getOrDefault(row.relation(), Set.of()).stream()
                .filter(read -> !inside.contains(read))
                .toList();
    }

    private Problem left(Candidate window, List<Securable.Relation> beyond) {
        var relation = window.row().relation();
        var why = window.row().foreign()
                ? "it is a foreign table"
                : "it reads " + beyond.stream().map(Securable::display).collect(Collectors.joining(", "))
                        + " outside the scope with its owner's rights";
        return Problem.at(window.by().at(), relation.display() + " is left out of scope " + scope.name() + ": " + why)
                .remedy("include it by its exact name if agents may read it");
    }

    private List<Included> columns(Candidate candidate) {
        var relation = candidate.row().relation();
        var excludes = scope.exclude().stream()
                .filter(pattern -> pattern.column().isPresent() && matches(pattern, relation))
                .toList();
        if (excludes.isEmpty()) {
            return List.of(new Included(candidate.row(), candidate.by(), List.of()));
        }
        var all = catalog.columns().getOrDefault(relation, List.of());
        var left = all.stream()
                .filter(column -> excludes.stream().noneMatch(pattern -> columnMatches(pattern, column)))
                .toList();
        if (left.size() == all.size()) {
            return List.of(new Included(candidate.row(), candidate.by(), List.of()));
        }
        if (left.isEmpty()) {
            notices.accept(Problem.at(
                    candidate.by().at(), relation.display() + " is left out: every column of it is excluded"));
            return List.of();
        }
        return List.of(new Included(candidate.row(), candidate.by(), left));
    }

    /// Column excludes that hide nothing: a typing error there would show what was meant to be hidden.
    void checkColumnExcludes(List<Securable.Relation> included) {
        for (var pattern : scope.exclude()) {
            if (pattern.column().isEmpty()) {
                continue;
            }
            var matched = included.stream()
                    .filter(relation -> matches(pattern, relation))
                    .toList();
            var columns = matched.stream()
                    .flatMap(relation -> catalog.columns().getOrDefault(relation, List.of()).stream()
                            .map(column -> relation.column(column)))
                    .toList();
            if (columns.stream().noneMatch(column -> columnMatches(pattern, column.name()))) {
                var names = columns.stream().map(Securable::display).toList();
                var problem = Problem.at(
                        pattern.at(), "pattern \"" + pattern.text() + "\" hides no column of scope " + scope.name());
                problems.accept(Nearest.to(pattern.text(), names)
                        .map(near -> problem.remedy("did you mean \"" + near + "\"?"))
                        .orElse(problem));
            }
        }
    }

    private Problem nothing(Pattern pattern) {
        var problem = Problem.at(
                pattern.at(),
                "pattern \"" + pattern.text() + "\" matches no table or view of database \"" + scope.database() + "\"");
        var schemas = catalog.schemas().stream().map(Catalog.SchemaRow::name).toList();
        if (pattern.schema().exact() && !schemas.contains(pattern.schema().text())) {
            return problem.remedy(Nearest.to(pattern.schema().text(), schemas)
                    .map(near ->
                            "there is no schema \"" + pattern.schema().text() + "\"; did you mean \"" + near + "\"?")
                    .orElse("there is no schema \"" + pattern.schema().text() + "\""));
        }
        var names = new ArrayList<String>();
        catalog.relations().forEach(row -> names.add(row.relation().display()));
        return Nearest.to(pattern.text(), names)
                .map(near -> problem.remedy("did you mean \"" + near + "\"?"))
                .orElse(problem);
    }

    private static boolean matches(Pattern pattern, Securable.Relation relation) {
        return pattern.matches(relation.schema(), relation.name());
    }

    private static boolean columnMatches(Pattern pattern, String column) {
        return pattern.column().orElseThrow().matches(column);
    }
}
