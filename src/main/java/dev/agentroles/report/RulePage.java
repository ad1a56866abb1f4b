package dev.agentroles.report;

import dev.agentroles.engine.Rule;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a finding's code means, for `explain CODE` and for `docs/findings.md`.
public final class RulePage {
    private RulePage() {}

    /// One rule for a terminal.
    public static String text(Rule rule) {
        return Stream.of(
                        "%s (%s)".formatted(rule.code(), rule.severity()),
                        "",
                        rule.meaning(),
                        "",
                        "To mend it: " + rule.cure(),
                        rule.paths().isEmpty() ? "" : "Ways to power: " + String.join(", ", rule.paths()),
                        rule.controls().isEmpty() ? "" : "Controls: " + String.join(", ", rule.controls()))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    /// The whole page, as it stands in the repository.
    public static String markdown() {
        return """
                # Findings

                What `verify` can report. Made from the code that reports it; a test holds the two together.

                A finding has a stable code, a severity, the agent it is about (none if it is about the database), the path
                by which the power reaches the agent, the catalog's evidence, the SQL that mends it, and the ids of the ways
                to power that it answers ([limits.md](limits.md) lists them). The severity below is the usual one; a finding
                says so if it is graver or lighter. Controls: CIS PostgreSQL 17 Benchmark, DISA PostgreSQL 16 STIG;
                where it says so, CIS MySQL Community 9.7 Benchmark.

                """ + Stream.of(Rule.values()).map(RulePage::section).collect(Collectors.joining("\n"));
    }

    private static String section(Rule rule) {
        var ids = Stream.concat(rule.paths().stream(), rule.controls().stream()).collect(Collectors.joining(", "));
        return """
                ## %s

                %s. %s

                To mend it: %s
                """.formatted(rule.code(), rule.severity(), rule.meaning(), rule.cure())
                + (ids.isEmpty() ? "" : "\n" + ids + "\n");
    }
}
