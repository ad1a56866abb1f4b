package dev.agentroles.cli;

import dev.agentroles.change.Approvals;
import dev.agentroles.change.Changes;
import dev.agentroles.problem.Exit;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Workspace;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "show",
        description = "Shows one request: the whole statement, what it is, what became of it, and what to do.")
final class ChangeShowCommand extends OneChangeCommand {
    @Option(
            names = "--to-sign",
            description = "Print what an approver signs in its place, for ssh-keygen -Y sign -n agentroles.")
    private boolean toSign;

    ChangeShowCommand(World world) {
        super(world);
    }

    @Override
    Exit run(Workspace workspace, OpenedDatabase database, Changes changes, long id) throws SQLException {
        var dossier = changes.find(id);
        if (toSign) {
            var approvals = new Approvals(changes);
            approvals.mustBeApprovable(dossier);
            common().result(world(), approvals.document(dossier).text());
        } else {
            show("change show", dossier);
        }
        return Exit.CLEAN;
    }
}
