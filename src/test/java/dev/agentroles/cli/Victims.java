package dev.agentroles.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Starts the program in a process of its own and kills it.
final class Victims {
    private Victims() {}

    /// @param point `LOGIN_ISSUED:2` for the second time
    /// @return whether it came there; if not, it has ended by itself
    static boolean killAt(PackedProgram program, Path folder, LeaseGround ground, List<String> command, String point)
            throws IOException, InterruptedException {
        program.learn(folder, ground.operator());
        var arguments = Stream.concat(Stream.of(point), command.stream()).toList();
        var builder = program.process(folder, ground.operator(), Victim.class.getName(), arguments)
                .redirectError(errors(folder).toFile());
        var victim = builder.start();
        boolean there;
        try (var said = victim.inputReader()) {
            there = said.lines().anyMatch(Victim.THERE::equals);
        } finally {
            victim.destroyForcibly();
        }
        return victim.waitFor() == PackedProgram.KILLED && there;
    }

    static String said(Path folder) throws IOException {
        return Files.readString(errors(folder));
    }

    private static Path errors(Path folder) {
        return folder.resolve("errors.txt");
    }
}
