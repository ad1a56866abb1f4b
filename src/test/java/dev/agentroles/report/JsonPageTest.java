package dev.agentroles.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/json.md` names every field that a document can have.
final class JsonPageTest {
    private static final Pattern FIELD = Pattern.compile(
            "\\.(?:value|array|object)\\(\\s*\"([a-z_]+)\"|(?:texts|problems|owed)\\(\\s*\\w+,\\s*\"([a-z_]+)\"");

    @Test
    void everyFieldIsOnThePage() throws IOException {
        var page = Files.readString(Path.of("docs/json.md"));
        var fields = new TreeSet<String>();
        try (var sources = Files.list(Path.of("src/main/java/dev/agentroles/report"))) {
            for (var source : sources.filter(JsonPageTest::isOurFormat).toList()) {
                FIELD.matcher(Files.readString(source))
                        .results()
                        .map(JsonPageTest::name)
                        .forEach(fields::add);
            }
        }

        assertThat(fields).contains("schema_version", "findings", "missing_rights", "not_verified", "owed");
        assertThat(fields).allSatisfy(field -> assertThat(page).contains("`" + field + "`"));
    }

    /// SARIF is described elsewhere.
    private static boolean isOurFormat(Path source) {
        return !source.endsWith("AuditSarif.java");
    }

    private static String name(MatchResult found) {
        return found.group(1) == null ? found.group(2) : found.group(1);
    }
}
