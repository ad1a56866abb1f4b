package dev.agentroles.engine.mysql;

import dev.agentroles.access.Securable;
import dev.agentroles.access.Tier;
import dev.agentroles.engine.DesiredFacts;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.ScopeResolver.Included;
import dev.agentroles.engine.mysql.Catalog.RelationRow;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Pattern;
import dev.agentroles.profile.Profile;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// What a server shows of columns that a scope excludes, whatever is granted.
///
/// @param wanted what is wrong with the scope, and what a person should know, goes there
record HiddenColumns(Catalog catalog, DesiredFacts wanted) {
    /// @param tiers in which agents have the scope
    void check(Profile.Scope scope, Collection<Tier> tiers, List<Included<RelationRow>> included) {
        for (var pattern : scope.exclude()) {
            var hidden = included.stream()
                    .filter(Included::byColumn)
                    .filter(relation -> pattern.matches(relation.row().relation()))
                    .flatMap(relation -> catalog.columns().of(relation.row().relation()).stream()
                            .filter(column -> pattern.column()
                                    .filter(part -> part.matches(column))
                                    .isPresent())
                            .map(column -> new Hidden(
                                    relation.row().relation().column(column),
                                    relation.row().view())))
                    .toList();
            if (!hidden.isEmpty()) {
                check(pattern, hidden, tiers.contains(Tier.DDL_DENIED));
            }
        }
    }

    private record Hidden(Securable.Column column, boolean ofView) {}

    /// @param inserts whether somebody has INSERT on the tables themselves, and not on a guarded view
    private void check(Pattern pattern, List<Hidden> hidden, boolean inserts) {
        var ofTables =
                hidden.stream().filter(one -> !one.ofView()).map(Hidden::column).toList();
        var kept = hidden.stream()
                .map(Hidden::column)
                .filter(catalog.histograms()::contains)
                .toList();
        if (!ofTables.isEmpty() && !catalog.dialect().hidesColumns()) {
            wanted.exposed(handler(pattern, ofTables), Rule.COLUMN_SHOWN);
        } else if (!ofTables.isEmpty() && inserts) {
            wanted.exposed(analysis(pattern, ofTables), Rule.COLUMN_SHOWN);
        } else if (!kept.isEmpty()) {
            wanted.exposed(histogram(pattern, kept), Rule.COLUMN_SHOWN);
        } else {
            wanted.notice(guessing(pattern, hidden.getFirst().column()));
        }
    }

    private Problem handler(Pattern pattern, List<Securable.Column> columns) {
        var table = columns.getFirst().owner().display();
        return cannotHide(
                        pattern,
                        columns,
                        "on MariaDB whoever may read one column of a table reads whole rows of it with HANDLER")
                .remedy("leave " + table
                        + " out of the scope, and include a view of its other columns (SQL SECURITY DEFINER) by exact"
                        + " name; or take the pattern out if agents may read the column");
    }

    /// ANALYZE TABLE asks for SELECT and INSERT on the table, and is content with those on one column (seen on MySQL
    /// 8.0.15 and 9.7.4).
    private Problem analysis(Pattern pattern, List<Securable.Column> columns) {
        return cannotHide(
                        pattern,
                        columns,
                        "on MySQL whoever may read one column of a table and insert into one makes a histogram of any"
                                + " other with ANALYZE TABLE, and reads its values in information_schema.COLUMN_STATISTICS")
                .remedy("use tier writer, which has no INSERT on the table itself; or leave "
                        + columns.getFirst().owner().display() + " out of what tier ddl-denied may change");
    }

    private Problem histogram(Pattern pattern, List<Securable.Column> columns) {
        return cannotHide(
                        pattern,
                        columns,
                        "information_schema.COLUMN_STATISTICS shows a histogram with its values to whoever may read one"
                                + " column of the table")
                .remedy(columns.stream().collect(Collectors.groupingBy(Securable.Column::owner)).entrySet().stream()
                        .map(table -> "ANALYZE TABLE "
                                + Sql.qualified(
                                        table.getKey().schema(), table.getKey().name())
                                + " DROP HISTOGRAM ON "
                                + table.getValue().stream()
                                        .map(column -> Sql.identifier(column.name()))
                                        .collect(Collectors.joining(", ")))
                        .sorted()
                        .collect(Collectors.joining("; ")));
    }

    private static Problem cannotHide(Pattern pattern, List<Securable.Column> columns, String why) {
        return Problem.at(
                pattern.at(),
                "pattern \"" + pattern.text() + "\" cannot hide "
                        + columns.getFirst().display()
                        + (columns.size() > 1 ? " and " + (columns.size() - 1) + " more" : "") + ": " + why);
    }

    /// The server asks for no right on the columns that JOIN ... USING and NATURAL JOIN compare (seen on MySQL 8.0.15
    /// and 9.7.4, MariaDB 10.11.18 and 11.8.9).
    private Problem guessing(Pattern pattern, Securable.Column column) {
        return Problem.at(
                        pattern.at(),
                        "values of " + column.display() + " can be guessed: "
                                + catalog.dialect().product()
                                + " lets whoever may read another column find by JOIN ... USING where a value is, as"
                                + " many as it likes in one statement")
                .remedy("where values can be listed (dates, salaries, card numbers), leave the table out and include a"
                        + " view of its other columns");
    }
}
