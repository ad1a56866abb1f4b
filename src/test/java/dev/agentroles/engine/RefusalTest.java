package dev.agentroles.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.engine.mysql.MySqlEngine;
import dev.agentroles.engine.postgres.PostgresEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The codes that agents are told are those that the guards raise, and the page explains them in the same words.
final class RefusalTest {
    private static final Path ENGINES = Path.of("src/main/resources/dev/agentroles/engine");
    private static final Pattern RAISED = Pattern.compile("'(AR00[1-9])'");

    @Test
    void eachGuardRaisesWhatItsEngineSays() throws IOException {
        assertThat(raised("postgres/guard")).isEqualTo(new PostgresEngine().refusals());
        assertThat(raised("mysql/guard")).isEqualTo(MySqlEngine.mariadb().refusals());
    }

    private static Set<Refusal> raised(String folder) throws IOException {
        var raised = EnumSet.noneOf(Refusal.class);
        try (var files = Files.list(ENGINES.resolve(folder))) {
            for (var file : files.toList()) {
                RAISED.matcher(Files.readString(file))
                        .results()
                        .forEach(found -> raised.add(Refusal.valueOf(found.group(1))));
            }
        }
        return raised;
    }

    @Test
    void thePageSaysTheSame() throws IOException {
        var page = Files.readString(Path.of("docs/guard.md"));

        assertThat(Refusal.values())
                .allSatisfy(refusal -> assertThat(page)
                        .contains(
                                "| `%s` | %s | %s |\n".formatted(refusal.name(), refusal.because(), refusal.remedy())));
    }
}
