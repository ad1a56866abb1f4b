package dev.agentroles.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How many tests ran on which server, and what was left out.
///
/// @param tallies by server
/// @param leftOut what was not run, and why
record RanTable(Map<String, Tally> tallies, Map<String, String> leftOut) {
    private static final String LEFT_OUT = "not run";

    RanTable {
        tallies = new TreeMap<>(tallies);
        leftOut = new TreeMap<>(leftOut);
    }

    record Tally(int passed, int failed) {
        static Tally of(boolean passed) {
            return passed ? new Tally(1, 0) : new Tally(0, 1);
        }

        Tally plus(Tally other) {
            return new Tally(passed + other.passed, failed + other.failed);
        }
    }

    /// Prints the sum of what the processes of one test run have written, each into a file of its own.
    ///
    /// Exits with 1 if a server ran no test.
    ///
    /// @param arguments the folder of the files; the servers without which a run is not whole, by the
    /// beginnings of their names: `PostgreSQL 15, PostgreSQL 16, OpenBao`
    public static void main(String[] arguments) throws IOException {
        try (var files = Files.list(Path.of(arguments[0]))) {
            var all = new RanTable(Map.of(), Map.of());
            for (var file : files.toList()) {
                all = all.plus(read(Files.readAllLines(file)));
            }
            var missing = all.missing(arguments[1]);
            System.out.print(all.text(missing));
            System.exit(missing.isEmpty() ? 0 : 1);
        }
    }

    /// @param lines as [#lines] makes them
    static RanTable read(List<String> lines) {
        var tallies = new TreeMap<String, Tally>();
        var leftOut = new TreeMap<String, String>();
        for (var line : lines) {
            var parts = line.split("\t", 3);
            if (parts[0].equals(LEFT_OUT)) {
                leftOut.put(parts[1], parts[2]);
            } else {
                tallies.put(parts[2], new Tally(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])));
            }
        }
        return new RanTable(tallies, leftOut);
    }

    List<String> lines() {
        return Stream.concat(
                        tallies.entrySet().stream()
                                .map(one -> one.getValue().passed() + "\t"
                                        + one.getValue().failed() + "\t" + one.getKey()),
                        leftOut.entrySet().stream().map(one -> LEFT_OUT + "\t" + one.getKey() + "\t" + one.getValue()))
                .toList();
    }

    RanTable plus(RanTable other) {
        var sum = new TreeMap<>(tallies);
        other.tallies.forEach((server, tally) -> sum.merge(server, tally, Tally::plus));
        var both = new TreeMap<>(leftOut);
        both.putAll(other.leftOut);
        return new RanTable(sum, both);
    }

    /// Those that are expected and ran nothing.
    List<String> missing(String expected) {
        return Arrays.stream(expected.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .filter(name ->
                        tallies.keySet().stream().noneMatch(server -> server.matches("\\Q" + name + "\\E\\b.*")))
                .toList();
    }

    String text(List<String> missing) {
        int width = Stream.concat(Stream.of("server"), tallies.keySet().stream())
                .mapToInt(String::length)
                .max()
                .orElseThrow();
        var row = "%-" + width + "s  %6s  %6s";
        var lines = tallies.entrySet().stream()
                .map(one -> row.formatted(
                        one.getKey(), one.getValue().passed(), one.getValue().failed()));
        var tail = Stream.concat(
                leftOut.entrySet().stream().map(left -> "not run: " + left.getKey() + ": " + left.getValue()),
                missing.stream().map(name -> "missing: no test ran on " + name));
        return Stream.of(Stream.of(row.formatted("server", "passed", "failed")), lines, tail)
                .flatMap(part -> part)
                .collect(Collectors.joining("\n", "\n", "\n"));
    }
}
