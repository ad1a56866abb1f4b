package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

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

    /// A line that ends early tears its sentence apart.
    @Test
    void eachLineOfHelpIsFullBeforeTheNextBegins() {
        commands().forEach((name, command) -> {
            var lines = usage(command).lines().toList();
            for (int i = 1; i < lines.size(); i++) {
                var before = lines.get(i - 1);
                var next = lines.get(i).strip().replaceFirst(" .*", "");
                boolean goesOn = !next.isEmpty() && Character.isLowerCase(next.charAt(0)) && !before.matches(".*[.:]$");
                assertThat(goesOn && before.length() + 1 + next.length() < 80)
                        .as("%s: %s / %s", name, before, lines.get(i))
                        .isFalse();
                assertThat(before.length()).as(before).isLessThanOrEqualTo(80);
            }
        });
    }

    /// The list of commands shows the first line of each, and no more.
    @Test
    void eachCommandBeginsWithAWholeSentence() {
        commands()
                .forEach((name, command) -> assertThat(
                                command.getCommandSpec().usageMessage().description()[0])
                        .as(name)
                        .endsWith("."));
    }

    /// All of them by name; of one that has commands of its own these come after it: `change run`.
    private static Map<String, CommandLine> commands() {
        var commands = new LinkedHashMap<String, CommandLine>();
        Cli.whole(Worlds.empty()).getSubcommands().forEach((name, command) -> {
            commands.put(name, command);
            command.getSubcommands().forEach((below, line) -> commands.put(name + " " + below, line));
        });
        return commands;
    }

    private static String page() {
        var text = new StringBuilder("""
                # Commands

                What `agentroles COMMAND --help` prints; what most commands share is told once. Results go to standard output, progress and messages to standard error.

                With `--format json` the result is a document with a `schema_version` (of `log`, one a line), whose fields stand in [json.md](json.md). A run that fails has
                one as well: `command`, `exit_code` and `problems`, each with `what`, `where` (file, line and column) and `remedy`.
                The message for people stands on standard error all the same. Only a command line that cannot be read has no
                document.

                A scheduler calls with `--quiet`: nothing is written while the exit code is 0, so that cron has nothing to mail.

                | exit code | means |
                |---|---|
                | 0 | clean: nothing to do, nothing found, or everything done |
                | 1 | an error of ours, the database's or the store's; the message says whose |
                | 2 | changes are pending, or there are findings: of `verify` at or above `--fail-on`, of `apply` high or critical |
                | 3 | refused for safety: wrong server, wrong environment, stale fingerprint, frozen, consent missing |
                | 4 | partly done: run the same command again |
                | 64 | wrong usage |
                """);
        var commands = commands();
        var common = common(commands.values());
        section(text, "Options of most commands", usage(new CommandLine(common)));
        commands.forEach((name, command) -> {
            common.options().forEach(option -> hide(command.getCommandSpec(), option));
            section(text, name, usage(command));
        });
        return text.toString();
    }

    private static void section(StringBuilder text, String head, String help) {
        text.append("\n## ").append(head).append("\n\n```text\n").append(help).append("```\n");
    }

    /// What stands in most of them: told once.
    private static CommandSpec common(Collection<CommandLine> commands) {
        var common = CommandSpec.create().name("agentroles COMMAND");
        commands.stream()
                .flatMap(command -> command.getCommandSpec().options().stream())
                .collect(Collectors.groupingBy(OptionSpec::longestName, TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .filter(same -> same.size() > commands.size() / 2)
                .forEach(same ->
                        common.addOption(OptionSpec.builder(same.getFirst()).build()));
        return common;
    }

    private static void hide(CommandSpec command, OptionSpec told) {
        var own = command.findOption(told.longestName());
        if (own != null && Arrays.equals(own.description(), told.description())) {
            command.remove(own);
            command.addOption(OptionSpec.builder(own).hidden(true).build());
        }
    }

    private static String usage(CommandLine command) {
        var out = new ByteArrayOutputStream();
        command.usage(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
