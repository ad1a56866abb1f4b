package dev.agentroles.engine;

import dev.agentroles.access.Securable;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Pattern;
import dev.agentroles.profile.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What the excludes of one scope name. What is hidden in a table is hidden in its partitions and in the
/// tables that inherit from it, too: they hold its rows.
final class Excludes {
    private final Profile.Scope scope;
    private final Map<Securable.Relation, Set<Securable.Relation>> ancestors;

    /// @param ancestors as in [ScopeResolver.Ground]
    Excludes(Profile.Scope scope, Map<Securable.Relation, Set<Securable.Relation>> ancestors) {
        this.scope = scope;
        this.ancestors = ancestors;
    }

    List<Pattern> ofRelations() {
        return scope.exclude().stream()
                .filter(pattern -> pattern.column().isEmpty())
                .toList();
    }

    List<Pattern> ofColumns() {
        return scope.exclude().stream()
                .filter(pattern -> pattern.column().isPresent())
                .toList();
    }

    /// Whether the pattern names the relation or a table that it is a part of.
    boolean reaches(Pattern pattern, Securable.Relation relation) {
        return pattern.matches(relation)
                || ancestors.getOrDefault(relation, Set.of()).stream().anyMatch(pattern::matches);
    }

    /// Excludes that cannot hold: what a part of a table holds is read through that table.
    ///
    /// @param given the columns of each relation of the scope
    List<Problem> thatCannotHold(Map<Securable.Relation, List<String>> given) {
        return scope.exclude().stream()
                .flatMap(pattern -> cannotHold(pattern, given).stream())
                .toList();
    }

    private Optional<Problem> cannotHold(Pattern pattern, Map<Securable.Relation, List<String>> given) {
        record Shown(Securable.Relation part, Securable.Relation through) {}
        var shown = ancestors.entrySet().stream()
                .filter(part -> pattern.matches(part.getKey()))
                .flatMap(part -> part.getValue().stream()
                        .filter(ancestor -> shows(ancestor, pattern, given))
                        .limit(1)
                        .map(ancestor -> new Shown(part.getKey(), ancestor)))
                .toList();
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        var first = shown.getFirst();
        var column = pattern.column().map(part -> "." + part.text()).orElse("");
        return Optional.of(Problem.at(
                        pattern.at(),
                        "pattern \"" + pattern.text() + "\" cannot hide "
                                + first.part().display() + column
                                + (shown.size() > 1 ? " and " + (shown.size() - 1) + " more" : "")
                                + ": what it holds is read through "
                                + first.through().display()
                                + ", which scope " + scope.name() + " includes")
                .remedy(
                        pattern.column().isPresent()
                                ? "exclude " + first.through().display() + column + ", too"
                                : "exclude " + first.through().display()
                                        + ", too, and include by exact name which of its parts agents may read"));
    }

    /// Excludes that another column of the same row undoes: it is computed from what they hide, and may be read.
    ///
    /// @param given the columns of each relation of the scope
    List<Problem> thatAreComputed(Map<Securable.Relation, List<String>> given, Columns columns) {
        return ofColumns().stream()
                .flatMap(pattern -> isComputed(pattern, derived(pattern, given, columns)).stream())
                .toList();
    }

    /// A column that agents may read, and what they learn by it.
    ///
    /// @param hidden what it is computed from
    /// @param through what they read it as: itself, or the column of a table that its own is a part of
    private record Derived(Securable.Column column, Securable.Column hidden, Securable.Column through) {}

    private List<Derived> derived(Pattern pattern, Map<Securable.Relation, List<String>> given, Columns columns) {
        var derived = new ArrayList<Derived>();
        for (var table : columns.computing()) {
            if (reaches(pattern, table)) {
                for (var column : columns.computed(table).keySet()) {
                    var hidden = columns.origins(table, column).stream()
                            .filter(pattern.column().orElseThrow()::matches)
                            .sorted()
                            .findFirst();
                    hidden.ifPresent(name -> through(table, column, given)
                            .ifPresent(relation -> derived.add(
                                    new Derived(table.column(column), table.column(name), relation.column(column)))));
                }
            }
        }
        return derived;
    }

    /// By which relation of the scope a column is read. An exclude there reaches the parts of it.
    private Optional<Securable.Relation> through(
            Securable.Relation table, String column, Map<Securable.Relation, List<String>> given) {
        var above = ancestors.getOrDefault(table, Set.of());
        var showing = Stream.concat(above.stream(), Stream.of(table))
                .filter(relation -> given.getOrDefault(relation, List.of()).contains(column))
                .toList();
        return showing.stream()
                .filter(relation -> showing.stream().noneMatch(ancestors.getOrDefault(relation, Set.of())::contains))
                .findFirst();
    }

    private Optional<Problem> isComputed(Pattern pattern, List<Derived> derived) {
        if (derived.isEmpty()) {
            return Optional.empty();
        }
        var first = derived.getFirst();
        var read =
                derived.stream().map(one -> one.through().display()).distinct().toList();
        return Optional.of(Problem.at(
                        pattern.at(),
                        "pattern \"" + pattern.text() + "\" cannot hide "
                                + first.hidden().display() + ": "
                                + first.column().display()
                                + " is computed from it"
                                + (first.column().equals(first.through())
                                        ? ""
                                        : " and read through "
                                                + first.through().owner().display())
                                + (read.size() > 1 ? ", as is " + (read.size() - 1) + " more" : "")
                                + ", and scope " + scope.name() + " includes it")
                .remedy("exclude " + String.join(", ", read) + ", too"));
    }

    private static boolean shows(
            Securable.Relation table, Pattern pattern, Map<Securable.Relation, List<String>> given) {
        var columns = given.get(table);
        return columns != null
                && pattern.column()
                        .map(column -> columns.stream().anyMatch(column::matches))
                        .orElse(true);
    }
}
