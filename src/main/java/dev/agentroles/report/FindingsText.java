package dev.agentroles.report;

import dev.agentroles.access.Finding;
import dev.agentroles.access.Severity;
import dev.agentroles.audit.AuditReport;
import dev.agentroles.engine.Rule;
import dev.agentroles.problem.Printable;
import dev.agentroles.problem.Shell;
import dev.agentroles.workspace.Missed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/// What a verification found, for a person: worst first, each with its path, its evidence and its cure.
///
/// @param profile as the reader names it in a command
/// @param all what is only worth knowing, too
public record FindingsText(Paint paint, String profile, boolean all) {
    /// A cure that names one of ours is told beside the statements that do the same by hand.
    private static final String COMMAND = "agentroles ";

    /// More agents than this are counted, not named.
    private static final int NAMED = 8;

    /// Statements of more characters than this are begun, not written.
    private static final int WHOLE = 1_000;

    /// What several agents feel alike, as those do that share a role, told once: it has one cause and one cure.
    ///
    /// @param agents empty: the database as a whole
    /// @param path the end that their paths have in common
    private record Told(String database, Finding finding, List<String> agents, List<String> path) {
        static Told of(List<AuditReport.Located> alike) {
            return new Told(
                    alike.getFirst().database(),
                    alike.getFirst().finding(),
                    alike.stream()
                            .flatMap(located -> located.finding().subject().stream())
                            .distinct()
                            .sorted()
                            .toList(),
                    alike.stream()
                            .map(located -> located.finding().path())
                            .reduce(Told::commonEnd)
                            .orElseThrow());
        }

        private static List<String> commonEnd(List<String> one, List<String> other) {
            int length = 0;
            while (length < Math.min(one.size(), other.size())
                    && one.get(one.size() - 1 - length).equals(other.get(other.size() - 1 - length))) {
                length++;
            }
            return one.subList(one.size() - length, one.size());
        }
    }

    private static List<Told> told(AuditReport report) {
        var alike = new LinkedHashMap<List<Object>, List<AuditReport.Located>>();
        for (var located : report.findings()) {
            var finding = located.finding();
            var key = List.<Object>of(
                    located.database(),
                    finding.code(),
                    finding.severity(),
                    finding.subject().isPresent(),
                    finding.what(),
                    finding.evidence(),
                    finding.mend());
            alike.computeIfAbsent(key, _ -> new ArrayList<>()).add(located);
        }
        return alike.values().stream().map(Told::of).toList();
    }

    public String render(AuditReport report) {
        var text = new StringBuilder();
        var told = told(report);
        told.stream()
                .filter(one -> all || one.finding().severity() != Severity.INFO)
                .forEach(one -> finding(text, one));
        report.waived().stream()
                .map(FindingsText::waived)
                .distinct()
                .forEach(line -> text.append(paint.dim(line)).append('\n'));
        for (var probes : report.probes()) {
            var probed = probes.probed();
            text.append("tried as ")
                    .append(probed.agent())
                    .append(" on ")
                    .append(probes.database())
                    .append(": ")
                    .append(Count.of(probed.attempts(), "statement"))
                    .append(probed.sampled() < probed.relations() ? ", a sample of " : ", ")
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
        return text.append(summary(report, told)).append('\n').toString();
    }

    private static String waived(AuditReport.Waived waived) {
        var waiver = waived.waiver();
        return "waived  " + waived.located().finding().code() + " on "
                + waived.located().database() + " by " + Printable.line(waiver.by()) + " until "
                + waiver.until() + ": " + Printable.line(waiver.reason());
    }

    private void finding(StringBuilder text, Told told) {
        Finding finding = told.finding();
        text.append(severity(finding.severity()))
                .append("  ")
                .append(paint.bold(finding.code()))
                .append("  ")
                .append(Printable.line(finding.what()))
                .append('\n');
        if (!told.database().isEmpty()) {
            text.append("    where     ")
                    .append(Printable.line(agents(told.agents())))
                    .append("database ")
                    .append(told.database())
                    .append('\n');
        }
        if (!told.path().isEmpty()) {
            text.append("    path      ")
                    .append(Printable.line(String.join(" > ", told.path())))
                    .append('\n');
        }
        text.append("    evidence  ").append(Printable.line(finding.evidence())).append('\n');
        Rule.byCode(finding.code())
                .map(Rule::cure)
                .filter(cure -> finding.mend().isEmpty() || cure.contains(COMMAND))
                .ifPresent(cure -> text.append("    cure      ")
                        .append(cure.replace(" FILE", " " + Printable.line(Shell.word(profile))))
                        .append('\n'));
        for (int i = 0; i < finding.mend().size(); i++) {
            text.append(i == 0 ? "    mend      " : "              ")
                    .append(folded(Printable.lines(finding.mend().get(i))))
                    .append('\n');
        }
        text.append('\n');
    }

    /// A statement that names all who keep what PUBLIC loses fills many screens.
    private static String folded(String statement) {
        return statement.length() <= WHOLE
                ? statement
                : statement.substring(0, WHOLE / 2) + " ... (" + statement.length()
                        + " characters: --format json has it whole)";
    }

    private static String agents(List<String> agents) {
        return switch (agents.size()) {
            case 0 -> "";
            case 1 -> "agent " + agents.getFirst() + ", ";
            default -> {
                int named = agents.size() <= NAMED ? agents.size() - 1 : NAMED - 1;
                var last = named == agents.size() - 1 ? agents.getLast() : agents.size() - named + " more";
                yield "agents " + String.join(", ", agents.subList(0, named)) + " and " + last + ", ";
            }
        };
    }

    private String severity(Severity severity) {
        var word = severity.name();
        return switch (severity) {
            case CRITICAL, HIGH -> paint.red(word);
            case MEDIUM, LOW -> paint.yellow(word);
            case INFO -> paint.dim(word);
        };
    }

    private String summary(AuditReport report, List<Told> told) {
        var counts = Arrays.stream(Severity.values())
                .map(severity -> count(told, severity) + " " + severity.word())
                .filter(words -> !words.startsWith("0 "))
                .collect(Collectors.joining(", "));
        if (counts.isEmpty() && !report.missed().isEmpty()) {
            return unproven(report);
        }
        boolean onlyInfo = report.missed().isEmpty()
                && report.findings().stream()
                        .allMatch(located -> located.finding().severity() == Severity.INFO);
        if (onlyInfo) {
            return paint.green(verdict(report))
                    + (counts.isEmpty() ? "" : " Worth knowing: " + counts + (all ? "." : "; -v shows it."));
        }
        boolean hidden = !all && count(told, Severity.INFO) > 0;
        return "Found: " + counts + (hidden ? " (-v shows info). " : ". ")
                + "agentroles explain CODE says what one means.";
    }

    /// Nothing was found, and not everywhere was it looked for.
    private String unproven(AuditReport report) {
        var missed = report.missed().stream().map(Missed::database).collect(Collectors.joining(", "));
        return report.verified().isEmpty()
                ? paint.red("Nothing is proven: no database could be verified.")
                : "Found nothing in " + String.join(", ", report.verified()) + "; nothing is proven of " + missed + ".";
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

    private static long count(List<Told> told, Severity severity) {
        return told.stream().filter(one -> one.finding().severity() == severity).count();
    }
}
