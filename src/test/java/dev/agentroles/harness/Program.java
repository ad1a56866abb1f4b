package dev.agentroles.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// Other people's programs, as far as this machine has them.
public final class Program {
    private Program() {}

    /// What it said, its errors too.
    ///
    /// @throws IllegalStateException with that, when it exits with anything but 0
    public static String run(Map<String, String> environment, String input, String... command) {
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            var process = builder.start();
            try (var to = process.outputWriter(StandardCharsets.UTF_8)) {
                to.write(input);
            }
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException("%s exited with %d%n%s".formatted(Arrays.asList(command), code, said));
            }
            return said;
        } catch (IOException cannotRun) {
            throw new UncheckedIOException(cannotRun);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + Arrays.asList(command), interrupted);
        }
    }
}
