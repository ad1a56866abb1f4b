package dev.agentroles.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A class of the tests' class path in a process of its own.
public final class Jvm {
    private Jvm() {}

    /// What starts it. The second compiler and its threads cost such a short program more than they save.
    ///
    /// @param arguments options of Java, the class and its own arguments
    public static List<String> line(String... arguments) {
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        line.addAll(List.of(arguments));
        return line;
    }
}
