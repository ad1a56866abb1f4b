package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import java.util.concurrent.Callable;

/// A command that begins with a profile and ends with one of our codes.
abstract class ProfileCommand extends ProfileTask implements Callable<Integer> {
    ProfileCommand(World world) {
        super(world);
    }

    /// What the command does, and how it ends.
    abstract Exit run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        mustTakeResult();
        var exit = run();
        common().ended(world(), exit);
        return exit.code();
    }
}
