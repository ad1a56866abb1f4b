package dev.agentroles.cli;

import dev.agentroles.change.Changes;
import dev.agentroles.change.Runs;
import dev.agentroles.problem.Exit;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Workspace;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "settle",
        description = {
            "Says what became of a run whose end nobody saw, where the server cannot tell.",
            "One that was not done is approved again, as far as its approval lasts."
        })
final class ChangeSettleCommand extends OneChangeCommand {
    /// What somebody saw.
    enum Outcome {
        done,
        undone
    }

    @Option(
            names = "--as",
            paramLabel = "done|undone",
            required = true,
            description = "Whether the statement was done; look before you say so.")
    private Outcome outcome = Outcome.undone;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "How you know, for whoever reads the journal.")
    private String reason = "";

    ChangeSettleCommand(World world) {
        super(world);
    }

    @Override
    void checkOptions() {
        mustBeShort(reason);
    }

    @Override
    Exit run(Workspace workspace, OpenedDatabase database, Changes changes, long id) throws SQLException {
        show("change settle", new Runs(changes).settle(id, outcome == Outcome.done, reason));
        return Exit.CLEAN;
    }
}
