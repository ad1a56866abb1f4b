package dev.agentroles;

import dev.agentroles.cli.World;
import java.io.Console;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// The terminal that this process was started from.
record ConsoleTerminal(Console console) implements World.Terminal {
    /// What `stty size` says, by POSIX.1-2024: rows, columns.
    private static final Pattern SIZE = Pattern.compile("\\d+ ([1-9]\\d{0,4})");

    @Override
    public Optional<String> ask(String question) {
        return Optional.ofNullable(console.readLine("%s", question));
    }

    /// Java does not know it. Where there is no `stty`, nobody does.
    @Override
    public OptionalInt columns() {
        try {
            var stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Redirect.INHERIT)
                    .redirectError(Redirect.DISCARD)
                    .start();
            try (var said = stty.inputReader()) {
                var size = SIZE.matcher(Optional.ofNullable(said.readLine()).orElse(""));
                return size.matches() ? OptionalInt.of(Integer.parseInt(size.group(1))) : OptionalInt.empty();
            }
        } catch (IOException unknown) {
            return OptionalInt.empty();
        }
    }
}
