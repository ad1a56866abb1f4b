package dev.agentroles.report;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Severity;
import dev.agentroles.audit.AuditReport;
import dev.agentroles.engine.Rule;
import dev.agentroles.problem.Printable;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a verification found, for a person: worst first, each with its path, its evidence and its cure.
///
/// @param all what is only worth knowing, too
public record FindingsText(Paint paint, boolean all) {
    public String render(AuditReport report) {
        var text = new StringBuilder();
        report.findings().stream()
                .filter(located -> all || located.finding().severity() != Severity.INFO)
                .forEach(located -> finding(text, located));
        for (var waived : report.waived()) {
            var waiver = waived.waiver();
            text.append(paint.dim("waived  " + waived.located().finding().code() + " on "
                            + waived.located().database() + " by " + Printable.line(waiver.by()) + " until "
                            + waiver.until() + ": "
                            + Printable.line(waiver.reason())))
                    .append('\n');
        }
        for (var probes : report.probes()) {
            var probed = probes.probed();
            text.append("tried as ")
                    .append(probed.agent())
                    .append(" on ")
                    .append(probes.database())
                    .append(": ")
                    .append(Count.of(probed.attempts(), "statement"))
                    .append(", ")
                    .append(probed.sampled())
                    .append(" of ")
                    .append(probed.relations())
                    .append(" relations\n");
        }
        for (var missed : report.missed()) {
            text.append(paint.red("not verified"))
                    .append("  database ")
                    .append(missed.database())
                    .append('\n');
        }
        return text.append(summary(report)).append('\n').toString();
    }

    private void finding(StringBuilder text, AuditReport.Located located) {
        Finding finding = located.finding();
        text.append(severity(finding.severity()))
                .append("  ")
                .append(paint.bold(finding.code()))
                .append("  ")
                .append(Printable.line(finding.what()))
                .append('\n');
        var who = finding.subject().map(subject -> "agent " + subject + ", ").orElse("");
        if (!located.database().isEmpty()) {
            text.append("    where     ")
                    .append(who)
                    .append("database ")
                    .append(located.database())
                    .append('\n');
        }
        if (!finding.path().isEmpty()) {
            text.append("    path      ")
                    .append(Printable.line(String.join(" > ", finding.path())))
                    .append('\n');
        }
        text.append("    evidence  ").append(Printable.line(finding.evidence())).append('\n');
        if (finding.mend().isEmpty()) {
            Rule.byCode(finding.code())
                    .ifPresent(rule ->
                            text.append("    cure      ").append(rule.cure()).append('\n'));
        }
        for (int i = 0; i < finding.mend().size(); i++) {
            text.append(i == 0 ? "    mend      " : "              ")
                    .append(Printable.lines(finding.mend().get(i)))
                    .append('\n');
        }
        text.append('\n');
    }

    private String severity(Severity severity) {
        var word = severity.name();
        return switch (severity) {
            case CRITICAL, HIGH -> paint.red(word);
            case MEDIUM, LOW -> paint.yellow(word);
            case INFO -> paint.dim(word);
        };
    }

    private String summary(AuditReport report) {
        var counts = Arrays.stream(Severity.values())
                .map(severity -> count(report, severity) + " " + severity.name().toLowerCase(Locale.ROOT))
                .filter(words -> !words.startsWith("0 "))
                .collect(Collectors.joining(", "));
        if (counts.isEmpty() && !report.missed().isEmpty()) {
            return "Found nothing in the databases that could be verified.";
        }
        boolean onlyInfo = report.missed().isEmpty()
                && report.findings().stream()
                        .allMatch(located -> located.finding().severity() == Severity.INFO);
        if (onlyInfo) {
            return paint.green(verdict(report))
                    + (counts.isEmpty() ? "" : " Worth knowing: " + counts + (all ? "." : "; -v shows it."));
        }
        boolean hidden = !all && count(report, Severity.INFO) > 0;
        return "Found: " + counts + (hidden ? " (-v shows info). " : ". ")
                + "agentroles explain CODE says what one means.";
    }

    /// Proven is what both witnesses say, and nobody had to accept.
    private static String verdict(AuditReport report) {
        var waived = report.waived().isEmpty()
                ? ""
                : " but what is waived (" + Count.of(report.waived().size(), "finding") + ")";
        if (report.probes().isEmpty()) {
            return "Nothing found by the catalogs" + waived + "; nothing was tried as the agents.";
        }
        if (!report.waived().isEmpty()) {
            return "Nothing found" + waived + ".";
        }
        boolean blind = report.findings().stream()
                .anyMatch(located -> located.finding().code().equals(Rule.WITNESS_BLIND.code()));
        return "Proven: every agent can do what its tier says, and nothing else"
                + (blind ? ", as far as this administrator can see." : ".");
    }

    private static long count(AuditReport report, Severity severity) {
        return report.findings().stream()
                .filter(located -> located.finding().severity() == severity)
                .count();
    }
}
