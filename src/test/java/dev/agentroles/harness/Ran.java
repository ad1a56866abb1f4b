package dev.agentroles.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Counts which tests ran on which server, and prints the table when all have ended.
///
/// A server's harness calls [#on] whenever a test makes use of it; JUnit tells this listener which test or
/// container the thread is in. What a container used (`@BeforeAll`, a class's parameter) counts for each
/// test inside it.
///
/// The system property `agentroles.expect` names the servers without which a run is not whole, by the
/// beginnings of their names: `PostgreSQL 15, PostgreSQL 16, OpenBao`. The table also goes to the file that
/// `agentroles.servers` names, where `scripts/test` looks for the line that says what is missing.
public final class Ran implements TestExecutionListener {
    /// Sorts behind the servers' names.
    private static final String ALL = "all tests, with a server or without";

    private static final ThreadLocal<UniqueId> CURRENT = new ThreadLocal<>();
    private static final Map<UniqueId, Set<String>> USED = new ConcurrentHashMap<>();
    private static final Map<String, Tally> TALLIES = new TreeMap<>();
    private static final Map<String, String> LEFT_OUT = new ConcurrentSkipListMap<>();

    /// Notes that the running test uses a server.
    ///
    /// @param server product, version and where it came from: `PostgreSQL 18.6 (scripts/servers)`
    public static void on(String server) {
        var test = CURRENT.get();
        if (test != null) {
            USED.computeIfAbsent(test, id -> ConcurrentHashMap.newKeySet()).add(server);
        }
    }

    /// Whether a program that no test run needs is on the PATH. The table says which are, as it does for
    /// servers, and which are not.
    public static boolean has(String program) {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .anyMatch(Files::isExecutable);
        if (there) {
            on(program);
        } else {
            not(program, "it is not on the PATH");
        }
        return there;
    }

    /// Notes what this run left out, to be said at its end.
    ///
    /// @param why the first line counts
    public static void not(String what, String why) {
        LEFT_OUT.put(what, why.lines().findFirst().orElse(""));
    }

    @Override
    public void executionStarted(TestIdentifier identifier) {
        CURRENT.set(identifier.getUniqueIdObject());
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        if (identifier.isTest()) {
            boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
            count(serversOf(identifier.getUniqueIdObject()), passed);
            count(Set.of(ALL), passed);
        }
        identifier.getParentIdObject().ifPresentOrElse(CURRENT::set, CURRENT::remove);
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        synchronized (TALLIES) {
            var expected = System.getProperty("agentroles.expect", "");
            if (TALLIES.isEmpty()) {
                return;
            }
            var table = table(TALLIES, missing(expected, TALLIES.keySet()), LEFT_OUT);
            System.out.println(table);
            Optional.ofNullable(System.getProperty("agentroles.servers")).ifPresent(file -> write(file, table));
        }
    }

    private static Set<String> serversOf(UniqueId test) {
        return Stream.iterate(test, id -> id.getSegments().size() > 1, UniqueId::removeLastSegment)
                .flatMap(id -> USED.getOrDefault(id, Set.of()).stream())
                .collect(Collectors.toSet());
    }

    private static void count(Set<String> servers, boolean passed) {
        synchronized (TALLIES) {
            servers.forEach(server -> TALLIES.merge(server, Tally.of(passed), Tally::plus));
        }
    }

    static List<String> missing(String expected, Set<String> ran) {
        return Arrays.stream(expected.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .filter(name -> ran.stream().noneMatch(server -> server.matches("\\Q" + name + "\\E\\b.*")))
                .toList();
    }

    static String table(Map<String, Tally> tallies, List<String> missing, Map<String, String> leftOut) {
        int width = tallies.keySet().stream().mapToInt(String::length).max().orElse(0);
        var lines = tallies.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> ("%-" + Math.max(width, "server".length()) + "s  %6d  %6d")
                        .formatted(
                                entry.getKey(),
                                entry.getValue().passed(),
                                entry.getValue().failed()));
        var head = ("%-" + Math.max(width, "server".length()) + "s  %6s  %6s").formatted("server", "passed", "failed");
        var tail = Stream.concat(
                leftOut.entrySet().stream().map(left -> "not run: " + left.getKey() + ": " + left.getValue()),
                missing.stream().map(name -> "missing: no test ran on " + name));
        return Stream.of(Stream.of(head), lines, tail)
                .flatMap(part -> part)
                .collect(Collectors.joining("\n", "\n", "\n"));
    }

    private static void write(String file, String table) {
        try {
            Files.writeString(Path.of(file), table);
        } catch (IOException e) {
            throw new UncheckedIOException("the table of servers was not written to " + file, e);
        }
    }

    record Tally(int passed, int failed) {
        static Tally of(boolean passed) {
            return passed ? new Tally(1, 0) : new Tally(0, 1);
        }

        Tally plus(Tally other) {
            return new Tally(passed + other.passed, failed + other.failed);
        }
    }
}
