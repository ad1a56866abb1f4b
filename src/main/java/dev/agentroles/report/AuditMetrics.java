package dev.agentroles.report;

import dev.agentroles.access.Severity;
import dev.agentroles.audit.Audited;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What an audit found, in the text format of Prometheus (prometheus.io, Exposition formats, 0.0.4), as the
/// node exporter's textfile collector reads it. Every number is there also when it is 0, so that an alert can
/// tell nothing found from nothing audited.
public final class AuditMetrics {
    private AuditMetrics() {}

    /// @param at when the audit ended
    public static String of(List<Audited> audited, Instant at) {
        var verified = new ArrayList<String>();
        var findings = new ArrayList<String>();
        var waived = new ArrayList<String>();
        for (var one : audited) {
            switch (one) {
                case Audited.Unread(var source, var _) -> verified.add(sample("verified", labels(source, "", ""), 0));
                case Audited.Examined examined -> {
                    var known = examined.databases();
                    for (var database : examined.profile().databases().keySet()) {
                        var labels = labels(examined, database);
                        verified.add(sample("verified", labels, known.contains(database) ? 1 : 0));
                        if (known.contains(database)) {
                            waived.add(sample(
                                    "waived_findings", labels, examined.report().waived(database)));
                        }
                    }
                    Stream.concat(known.stream(), Stream.of("")).forEach(database -> {
                        for (var severity : Severity.values()) {
                            findings.add(sample(
                                    "findings",
                                    labels(examined, database) + ",severity=\"" + severity.word() + '"',
                                    examined.report().count(database, severity)));
                        }
                    });
                }
            }
        }
        return metric("verified", "Whether the database could be audited.", verified)
                + metric("findings", "Findings that stand; database is empty for the profile as a whole.", findings)
                + metric("waived_findings", "Findings that a named person accepted.", waived)
                + metric(
                        "completed_timestamp_seconds",
                        "When the audit ended.",
                        List.of("agentroles_audit_completed_timestamp_seconds " + at.getEpochSecond() + "\n"));
    }

    private static String metric(String name, String help, List<String> samples) {
        return "# HELP agentroles_audit_" + name + " " + help + "\n# TYPE agentroles_audit_" + name + " gauge\n"
                + String.join("", samples);
    }

    private static String sample(String name, String labels, long value) {
        return "agentroles_audit_" + name + "{" + labels + "} " + value + "\n";
    }

    private static String labels(Audited.Examined examined, String database) {
        return labels(examined.source(), examined.profile().environment(), database);
    }

    private static String labels(String profile, String environment, String database) {
        return Stream.of(
                        "profile=\"" + escaped(profile) + '"',
                        "environment=\"" + escaped(environment) + '"',
                        "database=\"" + escaped(database) + '"')
                .collect(Collectors.joining(","));
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
