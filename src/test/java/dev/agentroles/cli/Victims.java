package dev.agentroles.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts the program in a process of its own and kills it.
final class Victims {
    private Victims() {}

    /// @param point `LOGIN_ISSUED:2` for the second time
    /// @return whether it came there; if not, it has ended by itself
    static boolean killAt(Path folder, LeaseGround ground, List<String> command, String point)
            throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                point));
        line.addAll(command);
        var builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectError(errors(folder).toFile());
        builder.environment().putAll(ground.operator().environment());
        var victim = builder.start();
        boolean there;
        try (var said = victim.inputReader()) {
            there = said.lines().anyMatch(Victim.THERE::equals);
        } finally {
            victim.destroyForcibly();
        }
        // kill -9 ends with 137.
        return victim.waitFor() == 137 && there;
    }

    static String said(Path folder) throws IOException {
        return Files.readString(errors(folder));
    }

    private static Path errors(Path folder) {
        return folder.resolve("errors.txt");
    }
}
