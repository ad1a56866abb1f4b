package dev.agentroles.cli;

import dev.agentroles.profile.Profile;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/// What begins with a profile.
abstract class ProfileTask extends Task {
    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "The profile; looked for under profiles/ if nothing is there.")
    private Path file = Path.of("");

    ProfileTask(World world) {
        super(world);
    }

    /// What stands where the profile's name is expected.
    final String file() {
        return file.toString();
    }

    final Profile profile() {
        return profile(file());
    }
}
