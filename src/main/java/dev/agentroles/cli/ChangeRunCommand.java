package dev.agentroles.cli;

import dev.agentroles.change.Changes;
import dev.agentroles.change.Ran;
import dev.agentroles.change.Runs;
import dev.agentroles.problem.Exit;
import dev.agentroles.report.ChangeJson;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Workspace;
import java.sql.SQLException;
import picocli.CommandLine.Command;

@Command(
        name = "run",
        description = {
            "Runs a request that was approved, once, as the login that owns the schema.",
            "One that is done already stays so and ends with 0; what others held up stays approved and ends with 4."
        })
final class ChangeRunCommand extends OneChangeCommand {
    ChangeRunCommand(World world) {
        super(world);
    }

    @Override
    Exit run(Workspace workspace, OpenedDatabase database, Changes changes, long id) throws SQLException {
        var owner = owner(workspace, database.entry());
        progress("running change request " + database.entry().name() + "/" + id);
        // A change may take long, and the administrator's session waits for it.
        var ran = new Runs(changes).run(id, owner);
        common().result(world(), common().json() ? ChangeJson.ran(file(), ran) : text().ran(ran, file()));
        return switch (ran) {
            case Ran.Done _ -> Exit.CLEAN;
            case Ran.Postponed _, Ran.Unseen _ -> Exit.PARTIAL;
            case Ran.Failed _ -> Exit.ERROR;
        };
    }
}
