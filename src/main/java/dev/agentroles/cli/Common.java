package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.report.FailureJson;
import dev.agentroles.report.Paint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
    private @Nullable Path output;

    @Option(names = "--no-color", description = "No colours; NO_COLOR in the environment does the same.")
    private boolean noColor;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say more: every object of a plan, the cause of an error.")
    private boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            description =
                    "Say nothing when all is well (exit code 0), as cron wants it; notes are said, and --output is written,"
                            + " all the same.")
    private boolean quiet;

    /// Kept back while it is not known how a quiet run ends.
    private @Nullable String kept;

    private boolean written;

    boolean json() {
        return format == Format.json;
    }

    boolean verbose() {
        return verbose;
    }

    boolean quiet() {
        return quiet;
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

    /// How many characters fit in a line where a person looks; empty where nobody does, or nobody knows.
    OptionalInt columns(World world) {
        return output == null
                ? world.terminal().map(World.Terminal::columns).orElse(OptionalInt.empty())
                : OptionalInt.empty();
    }

    /// Where the result goes if not to standard output.
    Optional<OutputFile> file(World world) {
        return Optional.ofNullable(output)
                .map(Path::toString)
                .filter(name -> !name.equals("-"))
                .map(name -> OutputFile.of(name, world.directory()));
    }

    /// Writes a result: to standard output, or whole to a file in place of what was there. What a quiet run
    /// would say on standard output is kept until it [#ended] or [#failed].
    void result(World world, String text) {
        if (quiet && file(world).isEmpty()) {
            kept = text;
        } else {
            write(world, text);
        }
    }

    /// The same of a result that may be larger than memory; a quiet run keeps it there all the same.
    ///
    /// @return what the content is done with
    <R> R result(World world, OutputFile.Content<R> content) {
        var file = file(world);
        if (file.isPresent()) {
            var done = file.get().write(content);
            written = true;
            return done;
        }
        try {
            if (quiet) {
                var text = new StringBuilder();
                var done = content.writeTo(text);
                kept = text.toString();
                return done;
            }
            var done = content.writeTo(world.out());
            written = true;
            world.out().flush();
            return done;
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
    }

    void ended(World world, Exit exit) {
        if (kept != null && exit != Exit.CLEAN) {
            write(world, kept);
        }
    }

    /// What had been done before is told all the same. In JSON a run that failed has a result as well: why
    /// there is no other.
    void failed(World world, String command, Exit exit, List<Problem> problems) {
        try {
            if (kept != null) {
                write(world, kept);
            } else if (json() && !written) {
                write(world, FailureJson.of(command, exit, problems));
            }
        } catch (Failure unwritable) {
            // The failure itself is told in any case.
            return;
        }
    }

    private void write(World world, String text) {
        written = true;
        file(world).ifPresentOrElse(file -> file.write(text), () -> {
            world.out().print(text);
            world.out().flush();
        });
    }
}
