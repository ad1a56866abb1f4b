package dev.agentroles.harness;

import dev.agentroles.harness.RanTable.Tally;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/// Counts which tests ran on which server, and writes it down for [RanTable].
///
/// A server's harness calls [#on] whenever a test makes use of it; JUnit tells this listener which test or
/// container the thread is in. What a container used (`@BeforeAll`, a class's parameter) counts for each
/// test inside it.
///
/// The system property `agentroles.servers` names the folder; each process that runs tests has a file there.
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

    /// A process may be given several plans, one after the other.
    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        Optional.ofNullable(System.getProperty("agentroles.servers")).ifPresent(folder -> write(Path.of(folder)));
    }

    private static void write(Path folder) {
        synchronized (TALLIES) {
            try {
                Files.createDirectories(folder);
                Files.write(
                        folder.resolve(ProcessHandle.current().pid() + ".tsv"),
                        new RanTable(TALLIES, LEFT_OUT).lines());
            } catch (IOException e) {
                throw new UncheckedIOException("which tests ran was not written to " + folder, e);
            }
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
}
