package dev.agentroles.cli;

import dev.agentroles.apply.Workspace;
import dev.agentroles.credential.StorePath;
import dev.agentroles.problem.Exit;
import dev.agentroles.profile.Profile;
import dev.agentroles.profile.ProfileReader;
import dev.agentroles.profile.Values;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// A command that begins with a profile.
abstract class ProfileCommand implements Callable<Integer> {
    private final World world;

    @Mixin
    private Common common = new Common();

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "The profile; looked for under profiles/ if nothing is there.")
    private String file = "";

    ProfileCommand(World world) {
        this.world = world;
    }

    /// What the command does, and how it ends.
    abstract Exit run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        return run().code();
    }

    final World world() {
        return world;
    }

    /// What stands where the profile's name is expected.
    final String file() {
        return file;
    }

    final Common common() {
        return common;
    }

    final Profile profile() {
        var profile = new ProfileReader(world.terms()).read(file, world.directory());
        profile.notices().forEach(notice -> say("note: " + notice));
        return profile;
    }

    final Workspace workspace(Profile profile) {
        var directory = Values.directoryOf(profile, world.directory());
        var own = new Values(
                world.environment(), directory, (_, _) -> Optional.empty(), notice -> say("note: " + notice));
        var store = world.stores().open(profile, own);
        var values = new Values(
                world.environment(),
                directory,
                (path, field) -> store.field(new StorePath(path), field),
                notice -> say("note: " + notice));
        return new Workspace(profile, world.engines(), values, store);
    }

    final void say(String message) {
        world.err().println(message);
    }
}
