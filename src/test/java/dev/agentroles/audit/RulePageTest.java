package dev.agentroles.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.engine.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The pages about findings and limits say what the code does.
final class RulePageTest {
    private static final Path FINDINGS = Path.of("docs/findings.md");
    private static final Path LIMITS = Path.of("docs/limits.md");

    @Test
    void theFindingsPageIsTheOneThatTheRulesMake() throws IOException {
        if (Boolean.getBoolean("agentroles.write")) {
            Files.writeString(FINDINGS, page());
        }
        assertThat(FINDINGS)
                .as("run the test with -Dagentroles.write=true to write the page anew")
                .content()
                .isEqualTo(page());
    }

    @Test
    void everyCodeIsReadBack() {
        for (var rule : Rule.values()) {
            assertThat(Rule.byCode(rule.code())).contains(rule);
        }
        assertThat(Rule.byCode("public-temp")).contains(Rule.PUBLIC_TEMP);
        assertThat(Rule.byCode("NOTHING")).isEmpty();
    }

    @Test
    void everyWayToPowerThatARuleAnswersIsInTheCatalogueOfWays() throws IOException {
        var catalogued = Pattern.compile("(?m)^\\| ([A-Z]\\d+) \\|")
                .matcher(Files.readString(LIMITS))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        var answered = Arrays.stream(Rule.values())
                .flatMap(rule -> rule.paths().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(catalogued).containsAll(answered);
    }

    /// The whole page, as it stands in the repository.
    private static String page() {
        return """
                # Findings

                What `verify` and `audit` can report. Made from the code that reports it; a test holds the two together.

                A finding has a stable code, a severity, the agent it is about (none if it is about the database), the path
                by which the power reaches the agent, the catalog's evidence, the SQL that mends it, and the ids of the ways
                to power that it answers ([limits.md](limits.md) lists them). The severity below is the usual one; a finding
                says so if it is graver or lighter. Controls: CIS PostgreSQL 17 Benchmark, DISA PostgreSQL 16 STIG;
                where it says so, CIS MySQL Community 9.7 Benchmark.

                """ + Stream.of(Rule.values()).map(RulePageTest::section).collect(Collectors.joining("\n"));
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
