package dev.agentroles.report;

import dev.agentroles.access.Severity;
import dev.agentroles.audit.AuditReport;
import dev.agentroles.audit.Audited;
import dev.agentroles.problem.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// What an audit of many profiles found, for a person: a table of all databases, then the findings of each
/// profile.
///
/// @param terminal how many characters fit in a line; empty: any number
/// @param all what is only worth knowing, too
public record AuditText(Paint paint, OptionalInt terminal, boolean all) {
    public String render(List<Audited> audited) {
        var text = new StringBuilder(new Table(paint, rows(audited), terminal).text());
        for (var one : audited) {
            text.append('\n').append(paint.bold(Printable.line(one.source())));
            switch (one) {
                case Audited.Examined(var profile, var report) ->
                    text.append(", ")
                            .append(profile.environment())
                            .append("\n\n")
                            .append(new FindingsText(paint, profile.source(), all).render(report));
                case Audited.Unread _ ->
                    text.append(": ").append(paint.red("not audited")).append('\n');
            }
        }
        return text.toString();
    }

    private static List<List<String>> rows(List<Audited> audited) {
        var rows = new ArrayList<List<String>>();
        rows.add(Stream.concat(
                        Stream.of("PROFILE", "ENVIRONMENT", "DATABASE"),
                        Stream.concat(Stream.of(Severity.values()).map(Severity::name), Stream.of("WAIVED")))
                .toList());
        for (var one : audited) {
            switch (one) {
                case Audited.Examined examined -> rows.addAll(rows(examined));
                case Audited.Unread(var source, var _) ->
                    rows.add(row(Printable.line(source), "?", "?", Severity.values().length + 1));
            }
        }
        return rows;
    }

    private static List<List<String>> rows(Audited.Examined examined) {
        var known = examined.databases();
        var rows = new ArrayList<List<String>>();
        var source = examined.source();
        var environment = examined.profile().environment();
        for (var database : examined.profile().databases().keySet()) {
            rows.add(
                    known.contains(database)
                            ? counts(source, environment, database, examined.report())
                            : row(source, environment, database, Severity.values().length + 1));
        }
        if (examined.report().findings().stream()
                .anyMatch(located -> located.database().isEmpty())) {
            rows.add(counts(source, environment, "", examined.report()));
        }
        return rows;
    }

    /// Of what is not known nothing is counted.
    private static List<String> row(String source, String environment, String database, int unknown) {
        return Stream.concat(
                        Stream.of(source, environment, database),
                        Stream.generate(() -> "?").limit(unknown))
                .toList();
    }

    private static List<String> counts(String source, String environment, String database, AuditReport report) {
        return Stream.concat(
                        Stream.of(source, environment, database),
                        Stream.concat(
                                        Stream.of(Severity.values()).map(severity -> report.count(database, severity)),
                                        Stream.of(report.waived(database)))
                                .map(count -> Long.toString(count)))
                .toList();
    }
}
