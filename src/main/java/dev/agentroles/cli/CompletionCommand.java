package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
        name = "completion",
        description = {"Prints completion for bash and zsh.", "Example: source <(agentroles completion)"})
final class CompletionCommand implements Callable<Integer> {
    private final World world;

    CompletionCommand(World world) {
        this.world = world;
    }

    @Override
    public Integer call() {
        CommandLine whole = Cli.whole(world);
        world.out().print(AutoComplete.bash("agentroles", whole));
        world.out().flush();
        return Exit.CLEAN.code();
    }
}
