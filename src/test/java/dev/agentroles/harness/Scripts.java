package dev.agentroles.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Runs the scripts of this repository that answer with lines of `key=value`.
public final class Scripts {
    private Scripts() {}

    /// @param script relative to the root of the repository, where Maven runs tests
    /// @throws IllegalStateException with what the script said, when it exits with anything but 0
    public static Answer run(String script, String... arguments) {
        var command = new ArrayList<>(List.of("bash", script));
        command.addAll(List.of(arguments));
        try {
            var errors = Files.createTempFile("agentroles-", ".err");
            try {
                return run(command, errors);
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + String.join(" ", command), e);
        }
    }

    /// @param values what a script said about each key
    public record Answer(Map<String, String> values) {
        public Answer {
            values = Map.copyOf(values);
        }

        public String get(String key) {
            return Optional.ofNullable(values.get(key))
                    .orElseThrow(() -> new IllegalArgumentException("no " + key + " in the answer " + values.keySet()));
        }
    }

    private static Answer run(List<String> command, Path errors) throws IOException {
        var process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(errors.toFile())
                .start();
        try (var output = process.inputReader()) {
            var answer = output.lines()
                    .filter(line -> line.contains("="))
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(
                        "%s exited with %d%n%s".formatted(String.join(" ", command), code, Files.readString(errors)));
            }
            return new Answer(answer);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + String.join(" ", command), e);
        }
    }
}
