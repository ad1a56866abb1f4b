package dev.agentroles.engine;

import dev.agentroles.access.Securable;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Pattern;
import dev.agentroles.profile.Profile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Turns the patterns of one scope into relations and columns. A wildcard takes tables; what is a window to
/// elsewhere, as a view that reads beyond the scope with its owner's rights, is taken only by exact name.
///
/// @param <R> what the engine knows of a relation
public final class ScopeResolver<R extends ScopeResolver.Row> {
    /// A table or view.
    public interface Row {
        Securable.Relation relation();
    }

    /// What there is on the server.
    ///
    /// @param <R> what the engine knows of a relation
    public interface Ground<R extends Row> {
        List<String> schemas();

        List<R> relations();

        /// All columns of a relation, where the profile excludes some of it or of a table that is kin to it.
        List<String> columns(Securable.Relation relation);

        /// Of each table that is a partition or inherits from others: those tables, however far up. Whoever
        /// reads one of them reads the rows of that table, too.
        Map<Securable.Relation, Set<Securable.Relation>> ancestors();

        /// Why a wildcard must not take the relation; empty if it may.
        ///
        /// @param inside what the scope has by now: relations, and columns of those that it has not whole
        Optional<String> window(R row, Set<Securable> inside);
    }

    private final Ground<R> ground;
    private final Profile.Scope scope;
    private final Excludes excludes;
    private final DesiredFacts wanted;

    /// @param wanted what is wrong with the scope, and what a person should know, goes there
    public ScopeResolver(Ground<R> ground, Profile.Scope scope, DesiredFacts wanted) {
        this.ground = ground;
        this.scope = scope;
        this.excludes = new Excludes(scope, ground.ancestors());
        this.wanted = wanted;
    }

    /// One relation of the scope.
    ///
    /// @param by the include that took it
    /// @param columns the columns left when some are excluded; empty: all of them, now and later
    public record Included<R extends Row>(R row, Pattern by, List<String> columns) {
        public Included {
            columns = List.copyOf(columns);
        }

        public boolean byColumn() {
            return !columns.isEmpty();
        }

        /// The relation, or the columns of it that are left.
        Stream<Securable> parts() {
            return byColumn() ? columns.stream().map(row.relation()::column) : Stream.of(row.relation());
        }
    }

    /// The relations of the scope, in the order of its patterns.
    public List<Included<R>> resolve() {
        var taken = take();
        boolean any = !taken.isEmpty();
        withoutExcluded(taken);
        if (any && taken.isEmpty()) {
            wanted.problem(Problem.at(
                            scope.at(),
                            "scope " + scope.name() + " is empty: its excludes take out all that it includes")
                    .remedy("take the scope away from the agents, or exclude less"));
        }
        var included = taken.values().stream()
                .flatMap(candidate -> columns(candidate).stream())
                .collect(Collectors.toCollection(ArrayList::new));
        withoutWindows(included);
        checkColumnExcludes(taken.keySet());
        excludes.thatCannotHold(given(included)).forEach(problem -> wanted.exposed(Rule.INHERITANCE_CHILD, problem));
        return included;
    }

    private Map<Securable.Relation, List<String>> given(List<Included<R>> included) {
        return included.stream()
                .collect(Collectors.toMap(
                        relation -> relation.row().relation(),
                        relation -> relation.byColumn()
                                ? relation.columns()
                                : ground.columns(relation.row().relation())));
    }

    private record Candidate<R>(R row, Pattern by) {}

    private Map<Securable.Relation, Candidate<R>> take() {
        var taken = new LinkedHashMap<Securable.Relation, Candidate<R>>();
        for (var pattern : scope.include()) {
            var matches = ground.relations().stream()
                    .filter(row -> pattern.matches(row.relation()))
                    .toList();
            if (matches.isEmpty()) {
                wanted.problem(nothing(pattern));
            }
            for (var row : matches) {
                taken.merge(
                        row.relation(),
                        new Candidate<>(row, pattern),
                        (first, next) -> first.by().exact() || !next.by().exact() ? first : next);
            }
        }
        return taken;
    }

    /// Parts of a table go with it, unless they are included by name.
    private void withoutExcluded(Map<Securable.Relation, Candidate<R>> taken) {
        for (var pattern : excludes.ofRelations()) {
            boolean any = taken.keySet().removeIf(pattern::matches);
            var parts = taken.values().stream()
                    .filter(candidate -> !candidate.by().exact())
                    .map(candidate -> candidate.row().relation())
                    .filter(relation -> excludes.reaches(pattern, relation))
                    .toList();
            if (!parts.isEmpty()) {
                parts.forEach(taken::remove);
                wanted.notice(withParts(pattern, parts));
            } else if (!any && ground.relations().stream().noneMatch(row -> pattern.matches(row.relation()))) {
                wanted.problem(nothing(pattern));
            }
        }
    }

    private Problem withParts(Pattern pattern, List<Securable.Relation> parts) {
        return Problem.at(
                        pattern.at(),
                        "pattern \"" + pattern.text() + "\" leaves "
                                + parts.getFirst().display()
                                + (parts.size() > 1 ? " and " + (parts.size() - 1) + " more" : "")
                                + " out of scope " + scope.name() + ", too: rows of what it excludes")
                .remedy("include by exact name what agents may read");
    }

    /// Taking one view away may lay open another that reads it, so this goes on until nothing changes.
    private void withoutWindows(List<Included<R>> included) {
        boolean changed = true;
        while (changed) {
            var inside = inside(included);
            var windows = included.stream()
                    .filter(relation -> !relation.by().exact()
                            && ground.window(relation.row(), inside).isPresent())
                    .toList();
            for (var window : windows) {
                wanted.notice(left(window, ground.window(window.row(), inside).orElseThrow()));
            }
            included.removeAll(Set.copyOf(windows));
            changed = !windows.isEmpty();
        }
    }

    private Set<Securable> inside(List<Included<R>> included) {
        return included.stream().flatMap(Included::parts).collect(Collectors.toSet());
    }

    private Problem left(Included<R> window, String why) {
        var relation = window.row().relation();
        return Problem.at(window.by().at(), relation.display() + " is left out of scope " + scope.name() + ": " + why)
                .remedy("include it by its exact name if agents may read it");
    }

    private List<Included<R>> columns(Candidate<R> candidate) {
        var relation = candidate.row().relation();
        var hiding = excludes.ofColumns().stream()
                .filter(pattern -> excludes.reaches(pattern, relation))
                .toList();
        if (hiding.isEmpty()) {
            return List.of(new Included<>(candidate.row(), candidate.by(), List.of()));
        }
        var all = ground.columns(relation);
        var left = all.stream()
                .filter(column -> hiding.stream().noneMatch(pattern -> columnMatches(pattern, column)))
                .toList();
        if (left.size() == all.size()) {
            return List.of(new Included<>(candidate.row(), candidate.by(), List.of()));
        }
        if (left.isEmpty()) {
            wanted.notice(Problem.at(
                    candidate.by().at(), relation.display() + " is left out: every column of it is excluded"));
            return List.of();
        }
        return List.of(new Included<>(candidate.row(), candidate.by(), left));
    }

    /// Column excludes that hide nothing: a typing error there would show what was meant to be hidden.
    private void checkColumnExcludes(Set<Securable.Relation> included) {
        for (var pattern : excludes.ofColumns()) {
            var matched = included.stream()
                    .filter(relation -> excludes.reaches(pattern, relation))
                    .toList();
            var columns = matched.stream()
                    .flatMap(relation -> ground.columns(relation).stream().map(relation::column))
                    .toList();
            if (columns.stream().noneMatch(column -> columnMatches(pattern, column.name()))) {
                var names = columns.stream().map(Securable::display).toList();
                var problem = Problem.at(
                        pattern.at(), "pattern \"" + pattern.text() + "\" hides no column of scope " + scope.name());
                wanted.problem(Nearest.question(pattern.text(), names)
                        .map(problem::remedy)
                        .orElse(problem));
            }
        }
    }

    private Problem nothing(Pattern pattern) {
        var problem = Problem.at(
                pattern.at(),
                "pattern \"" + pattern.text() + "\" matches no table or view of database \"" + scope.database() + "\"");
        var schemas = ground.schemas();
        if (pattern.schema().exact() && !schemas.contains(pattern.schema().text())) {
            var none = "there is no schema \"" + Printable.line(pattern.schema().text()) + "\"";
            return problem.remedy(Nearest.question(pattern.schema().text(), schemas)
                    .map(question -> none + "; " + question)
                    .orElse(none + " beside the server's own and that of agentroles"));
        }
        var names = ground.relations().stream()
                .map(row -> row.relation().display())
                .sorted()
                .toList();
        return Nearest.question(pattern.text(), names).map(problem::remedy).orElse(problem);
    }

    private static boolean columnMatches(Pattern pattern, String column) {
        return pattern.column().orElseThrow().matches(column);
    }
}
