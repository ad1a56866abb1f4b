package dev.agentroles.cli;

import dev.agentroles.access.Severity;
import dev.agentroles.problem.Nearest;
import dev.agentroles.problem.Printable;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A severity as an option takes it.
final class SeverityWord implements ITypeConverter<Severity> {
    /// Those that can fail a run, worst first.
    private static final List<String> FAILING = Stream.of(Severity.values())
            .filter(severity -> severity != Severity.INFO)
            .map(Severity::word)
            .toList();

    @Override
    public Severity convert(String word) {
        return Stream.of(Severity.values())
                .filter(severity -> severity.word().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("there is no severity \""
                        + Printable.line(word) + "\"; "
                        + Nearest.question(word, FAILING).orElse("it can be " + String.join(", ", FAILING))));
    }
}
