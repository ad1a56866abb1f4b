package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.profile.FirstProfile;
import dev.agentroles.profile.Profile;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        description = {
            "Writes a commented first profile for a JDBC URL, and the rights its administrator needs.",
            "Overwrites nothing."
        })
final class InitCommand implements Callable<Integer> {
    private final World world;

    @Mixin
    private Common common = new Common();

    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "jdbc:postgresql://db.example.com/shop, without credentials.")
    private String url = "";

    @Option(
            names = "--environment",
            paramLabel = "NAME",
            defaultValue = "staging",
            description = "production, staging, ...; ${DEFAULT-VALUE} if not given.")
    private String environment = "staging";

    InitCommand(World world) {
        this.world = world;
    }

    @Override
    public Integer call() {
        var first = FirstProfileFile.of(world, common, url, Optional.empty(), environment, Profile.Tls.VERIFIED);
        first.mustNotBeThere();
        var known = first.known();
        var text = FirstProfile.text(
                first.engine(),
                known.terms(),
                first.verifying(),
                first.name(),
                known.engine().usualSchema(first.database()),
                environment,
                known.engine().administratorRights("agentroles", first.database()));
        first.valid(text);
        common.result(world, text);
        return Exit.CLEAN.code();
    }
}
