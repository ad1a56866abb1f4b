package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.report.Paint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What every command understands.
final class Common {
    /// Who reads the result.
    enum Format {
        human,
        json
    }

    @Option(
            names = "--format",
            paramLabel = "human|json",
            defaultValue = "human",
            description = "Who reads the result; JSON carries a schema_version.")
    private Format format = Format.human;

    @Option(names = "--output", paramLabel = "FILE", description = "Write the result there; - is standard output.")
    private @Nullable String output;

    @Option(names = "--no-color", description = "No colours; NO_COLOR in the environment does the same.")
    private boolean noColor;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say more: every object of a plan, the cause of an error.")
    private boolean verbose;

    boolean json() {
        return format == Format.json;
    }

    boolean verbose() {
        return verbose;
    }

    /// Colours only where a person looks and did not say no (no-color.org).
    Paint paint(World world) {
        boolean off = noColor
                || output != null
                || world.terminal().isEmpty()
                || world.environment()
                        .apply("NO_COLOR")
                        .filter(value -> !value.isEmpty())
                        .isPresent();
        return off ? Paint.NONE : Paint.ANSI;
    }

    /// Writes a result: to standard output, or whole to a file in place of what was there.
    void result(World world, String text) {
        var file = Optional.ofNullable(output).filter(name -> !name.equals("-"));
        if (file.isEmpty()) {
            world.out().print(text);
            world.out().flush();
            return;
        }
        var path = world.directory().resolve(file.get());
        try {
            replace(path, text, Long.toHexString(world.random().nextLong()));
        } catch (IOException refused) {
            throw new Failure(
                    Exit.ERROR,
                    Problem.of("the result cannot be written to " + file.get() + ": " + refused.getMessage())
                            .remedy("check that the directory is there and may be written"),
                    refused);
        }
    }

    /// A new file has the mode of every new file, and one that is replaced keeps its own.
    private static void replace(Path path, String text, String unique) throws IOException {
        var beside = path.resolveSibling("." + path.getFileName() + "." + unique + ".new");
        try {
            Files.writeString(beside, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (Files.exists(path)) {
                Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(path));
            }
            Files.move(beside, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
