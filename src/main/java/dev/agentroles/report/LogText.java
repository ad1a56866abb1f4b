package dev.agentroles.report;

import dev.agentroles.life.LoggedEntry;
import dev.agentroles.problem.Printable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Entries of journals, one at a time: all of them are more than fits in memory.
public record LogText(Paint paint) {
    /// Lines for a person.
    public String human(String database, LoggedEntry logged) {
        var entry = logged.entry();
        var what = Stream.of(
                        Stream.of(entry.action(), entry.outcome()),
                        entry.agent().stream(),
                        entry.lease().map(lease -> "lease " + lease).stream())
                .flatMap(part -> part)
                .collect(Collectors.joining(" "));
        return paint.dim(entry.at().toString()) + " " + database + " #" + logged.number() + " "
                + paint.bold(Printable.line(what)) + " by "
                + Printable.line(entry.actor().operator()) + " as "
                + Printable.line(entry.actor().databaseUser())
                + (entry.detail().isEmpty() ? "" : ": " + indented(entry.detail()))
                + "\n";
    }

    /// What has several lines stays below its own.
    private static String indented(String detail) {
        return detail.lines().map(Printable::line).collect(Collectors.joining("\n    "));
    }
}
