package dev.agentroles;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/// What `scripts/assemble` runs to make the cache of classes: the program, with one command after the other, after
/// all that it could need once a server answers was loaded. Java keeps the classes that are loaded then, and the
/// lambdas that were linked by being run.
final class Training {
    private static final List<String> WANTED =
            List.of("dev/agentroles/", "org/postgresql/core/", "org/postgresql/jdbc/");

    /// Between two commands.
    private static final String THEN = "then";

    private Training() {}

    /// @param arguments commands of the program with `then` between them; its class path says which jars there are
    public static void main(String[] arguments) throws IOException {
        for (var path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            load(Path.of(path));
        }
        var command = new ArrayList<String>();
        for (var word : arguments) {
            if (word.equals(THEN)) {
                Main.run(List.copyOf(command));
                command.clear();
            } else {
                command.add(word);
            }
        }
        System.exit(Main.run(List.copyOf(command)));
    }

    private static void load(Path path) throws IOException {
        try (var jar = new JarFile(path.toFile())) {
            jar.stream().map(JarEntry::getName).filter(Training::isWanted).forEach(Training::load);
        }
    }

    private static boolean isWanted(String entry) {
        return entry.endsWith(".class") && WANTED.stream().anyMatch(entry::startsWith);
    }

    private static void load(String entry) {
        try {
            var name = entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
            Class.forName(name, false, Training.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError incomplete) {
            // A part of a library for a library that is not there: the program does not need it either.
        }
    }
}
