package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Fails when `docs/commands.md` is not what `--help` says. `mvn test -Dtest=CommandsPageTest
/// -Dgolden.rewrite=true` writes it again.
final class CommandsPageTest {
    private static final Path PAGE = Path.of("docs/commands.md");

    @Test
    void theReferenceSaysWhatHelpSays() throws IOException {
        var page = page();
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE).hasContent(page);
    }

    private static String page() {
        var text = new StringBuilder("""
                # Commands

                What `agentroles COMMAND --help` prints. Results go to standard output, progress and messages to standard error.

                | exit code | means |
                |---|---|
                | 0 | clean: nothing to do, nothing found, or everything done |
                | 1 | an error of ours, the database's or the store's; the message says whose |
                | 2 | changes are pending, or there are findings |
                | 3 | refused for safety: wrong server, wrong environment, stale fingerprint, frozen, consent missing |
                | 4 | partly done: run the same command again |
                | 64 | wrong usage |
                """);
        var whole = Cli.whole(Worlds.empty());
        whole.getSubcommands()
                .forEach((name, command) -> text.append("\n## ")
                        .append(name)
                        .append("\n\n```text\n")
                        .append(usage(command))
                        .append("```\n"));
        return text.toString();
    }

    private static String usage(picocli.CommandLine command) {
        var out = new ByteArrayOutputStream();
        command.usage(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
