package dev.agentroles.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// The commands that stand between what an agent asks for and a schema.
@Command(
        name = "change",
        description = {
            "Schema changes behind a person: an agent asks, a person decides, it is run once.",
            "Nothing an agent asks for is run before a person approved exactly that text for exactly that database."
        },
        synopsisSubcommandLabel = "COMMAND")
final class ChangeCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    static CommandLine with(World world) {
        return new CommandLine(new ChangeCommand())
                .addSubcommand(new ChangeListCommand(world))
                .addSubcommand(new ChangeShowCommand(world))
                .addSubcommand(new ChangeRequestCommand(world))
                .addSubcommand(new ChangeRehearseCommand(world))
                .addSubcommand(new ChangeApproveCommand(world))
                .addSubcommand(new ChangeRejectCommand(world))
                .addSubcommand(new ChangeRunCommand(world))
                .addSubcommand(new ChangeSettleCommand(world));
    }

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(), "one of its commands is missing: list, show, ...");
    }
}
