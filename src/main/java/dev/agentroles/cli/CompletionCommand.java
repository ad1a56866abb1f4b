package dev.agentroles.cli;

import dev.agentroles.problem.Exit;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        description = {"Prints completion for bash and zsh.", "Example: source <(agentroles completion bash)"})
final class CompletionCommand implements Callable<Integer> {
    /// What reads it; one text is for both.
    enum Shell {
        bash,
        zsh
    }

    private final World world;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "bash|zsh",
            defaultValue = "bash",
            description = "The shell that reads it; both read the same.")
    private Shell shell = Shell.bash;

    CompletionCommand(World world) {
        this.world = world;
    }

    @Override
    public Integer call() {
        CommandLine whole = Cli.whole(world);
        var text = switch (shell) {
            case bash, zsh -> AutoComplete.bash("agentroles", whole);
        };
        world.out().print(text);
        world.out().flush();
        return Exit.CLEAN.code();
    }
}
