package dev.agentroles.harness;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A virtual environment under `target/`, made once by the machine's `python3` and its pip.
public final class Python {
    private static final Path HOME = Path.of("target/python");

    /// Its interpreter.
    public static final Path PROGRAM = HOME.resolve("bin/python");

    /// One set for all tests that need some of them, as there is one environment.
    public static final List<String> POSTGRESQL_CLIENTS =
            List.of("psycopg[binary]==3.3.9", "SQLAlchemy==2.1.9", "Django==5.2.19");

    private static final Map<List<String>, Optional<Python>> MADE = new HashMap<>();

    private Python() {}

    /// @param packages as pip takes them, each with its version
    /// @return empty where it cannot be made: the table of servers then says so
    public static Optional<Python> with(List<String> packages) {
        synchronized (MADE) {
            return MADE.computeIfAbsent(packages, Python::make);
        }
    }

    private static Optional<Python> make(List<String> packages) {
        var done = HOME.resolve("packages.txt");
        // Another process of the same test run may want it at the same time.
        try (var lock = FileChannel.open(Path.of("target/python.lock"), CREATE, WRITE);
                var _ = lock.lock()) {
            if (!Files.exists(done) || !Files.readString(done).equals(packages.toString())) {
                Program.run(Map.of(), "", "python3", "-m", "venv", HOME.toString());
                var install = new ArrayList<>(
                        List.of(PROGRAM.toString(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"));
                install.addAll(packages);
                Program.run(Map.of(), "", install.toArray(String[]::new));
                Files.writeString(done, packages.toString());
            }
            return Optional.of(new Python());
        } catch (IOException | UncheckedIOException | IllegalStateException missing) {
            Ran.not("Python with " + String.join(", ", packages), String.valueOf(missing.getMessage()));
            return Optional.empty();
        }
    }

    /// What a program said, its errors too.
    ///
    /// @throws IllegalStateException with that, when it exits with anything but 0
    public String run(String program, Map<String, String> environment) {
        return Program.run(environment, program, PROGRAM.toString(), "-");
    }
}
