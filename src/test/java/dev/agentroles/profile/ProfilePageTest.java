package dev.agentroles.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Fails when `docs/profile.md` is not what the schema says. `mvn test -Dtest=ProfilePageTest
/// -Dgolden.rewrite=true` writes it again.
final class ProfilePageTest {
    private static final Path PAGE = Path.of("docs/profile.md");

    @Test
    void theReferenceSaysWhatTheSchemaSays() throws IOException {
        var page = ProfilePage.render(ProfileSchema.text());
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE).hasContent(page);
    }
}
