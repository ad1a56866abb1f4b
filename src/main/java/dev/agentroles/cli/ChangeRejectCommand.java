package dev.agentroles.cli;

import dev.agentroles.change.Changes;
import dev.agentroles.problem.Exit;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Workspace;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "reject",
        description = {
            "Rejects a request, or takes an approval back; the agent reads why.",
            "Works while the environment is frozen."
        })
final class ChangeRejectCommand extends OneChangeCommand {
    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; the agent reads it.")
    private String reason = "";

    ChangeRejectCommand(World world) {
        super(world);
    }

    @Override
    void checkOptions() {
        mustSayWhy(reason);
    }

    @Override
    Exit run(Workspace workspace, OpenedDatabase database, Changes changes, long id) throws SQLException {
        show("change reject", changes.reject(changes.find(id), reason));
        return Exit.CLEAN;
    }
}
