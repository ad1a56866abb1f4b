package dev.agentroles.report;

import dev.agentroles.engine.Rule;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a finding's code means, for `explain CODE`.
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
}
