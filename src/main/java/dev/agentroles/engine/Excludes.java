package dev.agentroles.engine;

import dev.agentroles.access.Securable;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Pattern;
import dev.agentroles.profile.Profile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    private static boolean shows(
            Securable.Relation table, Pattern pattern, Map<Securable.Relation, List<String>> given) {
        var columns = given.get(table);
        return columns != null
                && pattern.column()
                        .map(column -> columns.stream().anyMatch(column::matches))
                        .orElse(true);
    }
}
