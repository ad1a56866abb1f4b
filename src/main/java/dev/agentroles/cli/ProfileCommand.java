package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/// A command that begins with a profile, has a result and ends with one of our codes.
abstract class ProfileCommand extends ProfileTask implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    ProfileCommand(World world) {
        super(world);
    }

    /// What the command does, and how it ends.
    abstract Exit run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        mustTakeResult();
        var exit = run();
        common.ended(world(), exit);
        return exit.code();
    }

    final Common common() {
        return common;
    }

    /// @throws Failure if the result could not be written where it is wanted: nothing is done then
    private void mustTakeResult() {
        common.file(world()).ifPresent(OutputFile::mustBeWritable);
    }

    /// What is being done, for whoever waits.
    final void progress(String message) {
        if (!common.quiet()) {
            say(message);
        }
    }
}
