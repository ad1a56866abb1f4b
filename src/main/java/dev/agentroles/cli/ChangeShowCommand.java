package dev.agentroles.cli;

import dev.agentroles.apply.OpenedDatabase;
import dev.agentroles.apply.Workspace;
import dev.agentroles.change.Changes;
import dev.agentroles.problem.Exit;
import java.sql.SQLException;
import picocli.CommandLine.Command;

@Command(
        name = "show",
        description = "Shows one request: the whole statement, what it is, what became of it, and what to do.")
final class ChangeShowCommand extends OneChangeCommand {
    ChangeShowCommand(World world) {
        super(world);
    }

    @Override
    Exit run(Workspace workspace, OpenedDatabase database, Changes changes, long id) throws SQLException {
        show("change show", changes.find(id));
        return Exit.CLEAN;
    }
}
