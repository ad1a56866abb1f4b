package dev.agentroles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Whom the journal names.
final class MainTest {
    private static String operator(Map<String, String> environment) {
        return Main.operator(name -> Optional.ofNullable(environment.get(name)));
    }

    @Test
    void theJournalNamesWhoStartedAJobOrBecameRoot() {
        assertThat(operator(Map.of("GITHUB_ACTOR", "alice"))).startsWith("alice@");
        assertThat(operator(Map.of("GITLAB_USER_LOGIN", "bob", "GITHUB_ACTOR", " ")))
                .startsWith("bob@");
        assertThat(operator(Map.of("SUDO_USER", "carol"))).startsWith("carol@");
        assertThat(operator(Map.of())).startsWith(System.getProperty("user.name") + "@");
    }
}
