package dev.agentroles;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/// What `scripts/assemble` runs to make the cache of loaded classes: the program, after all that it could
/// need once a server answers was loaded. Nothing of that is initialised.
final class Training {
    private static final List<String> WANTED =
            List.of("dev/agentroles/", "org/postgresql/core/", "org/postgresql/jdbc/");

    private Training() {}

    /// @param arguments of the program; its class path says which jars there are
    public static void main(String[] arguments) throws IOException {
        for (var path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            load(Path.of(path));
        }
        Main.main(arguments);
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
