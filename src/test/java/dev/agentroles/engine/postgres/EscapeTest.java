package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What the page about limits says is answered has been tried, by the rules that it names.
final class EscapeTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z]\\d+) \\| .* \\| (.*) \\|$");

    /// The first needs a second database: `ExaminationTest.whatIsOwnedOrHeldInAnotherDatabaseIsFound`; the other
    /// a profile that excludes a column: `ScopeTest.verifyFindsAColumnThatWasGeneratedFromAnExcludedOneLater`.
    private static final Set<String> ELSEWHERE = Set.of("O7", "S15");

    @Test
    void everyWayToPowerIsTriedOrNamedAsUnanswered() throws IOException {
        for (var way : ways().entrySet()) {
            var tried = Escape.ALL.stream()
                    .filter(escape -> escape.id().equals(way.getKey()))
                    .toList();
            if (!ELSEWHERE.contains(way.getKey()) && !way.getValue().startsWith("none")) {
                assertThat(tried).as(way.toString()).isNotEmpty();
            }
            assertThat(tried)
                    .as(way.toString())
                    .allSatisfy(escape ->
                            assertThat(way.getValue()).contains(escape.rule().code()));
        }
    }

    @Test
    void everyWayThatIsTriedStandsOnThePage() throws IOException {
        assertThat(ways().keySet())
                .containsAll(Escape.ALL.stream()
                        .map(Escape::id)
                        .filter(id -> !id.isEmpty())
                        .toList());
    }

    /// How each way is answered, by its id.
    private static Map<String, String> ways() throws IOException {
        var page = Files.readString(Path.of("docs/limits.md"));
        var ways = new TreeMap<String, String>();
        ROW.matcher(page.substring(
                        page.indexOf("## Ways to power on PostgreSQL"), page.indexOf("## Ways to power on MySQL")))
                .results()
                .forEach(row -> ways.put(row.group(1), row.group(2)));
        return ways;
    }
}
