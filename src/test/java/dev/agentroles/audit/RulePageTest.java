package dev.agentroles.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.engine.Rule;
import dev.agentroles.report.RulePage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The pages about findings and limits say what the code does.
final class RulePageTest {
    private static final Path FINDINGS = Path.of("docs/findings.md");
    private static final Path LIMITS = Path.of("docs/limits.md");

    @Test
    void theFindingsPageIsTheOneThatTheRulesMake() throws IOException {
        if (Boolean.getBoolean("agentroles.write")) {
            Files.writeString(FINDINGS, RulePage.markdown());
        }
        assertThat(FINDINGS)
                .as("run the test with -Dagentroles.write=true to write the page anew")
                .content()
                .isEqualTo(RulePage.markdown());
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
}
