package dev.agentroles.cli;

import dev.agentroles.change.Changes;
import dev.agentroles.change.Owner;
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
        var name = database.entry().name() + "/" + id;
        progress("running change request " + name);
        var ran = run(changes, id, owner, name);
        common().result(world(), common().json() ? ChangeJson.ran(file(), ran) : text().ran(ran, file()));
        return switch (ran) {
            case Ran.Done _ -> Exit.CLEAN;
            case Ran.Postponed _, Ran.Unseen _ -> Exit.PARTIAL;
            case Ran.Failed _ -> Exit.ERROR;
        };
    }

    /// A change may take long, and the administrator's session waits for it.
    private Ran run(Changes changes, long id, Owner owner, String name) throws SQLException {
        try (var _ = world().ending()
                .cutOff("told to end while change request " + name
                        + " was run: the server may go on with it; run it again to find out what became of it")) {
            return new Runs(changes).run(id, owner);
        }
    }
}
