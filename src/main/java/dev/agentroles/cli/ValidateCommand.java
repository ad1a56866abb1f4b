package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.report.ProfileJson;
import dev.agentroles.report.ProfileText;
import picocli.CommandLine.Command;

@Command(name = "validate", description = "Reads the profile and reports every problem at once; uses no network.")
final class ValidateCommand extends ProfileCommand {
    ValidateCommand(World world) {
        super(world);
    }

    @Override
    Exit run() {
        var profile = profile();
        common().result(world(), common().json() ? ProfileJson.of(profile) : ProfileText.human(profile));
        return Exit.CLEAN;
    }
}
