package dev.agentroles.cli;

import dev.agentroles.apply.OpenedDatabase;
import dev.agentroles.apply.Workspace;
import dev.agentroles.change.Changes;
import dev.agentroles.change.Dossier;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "approve",
        description = {
            "Approves a request: exactly this text, for exactly this database, for a time.",
            "Shows it and asks for its name; without a terminal it needs --yes and --expect.",
            "It is not run yet: that is agentroles change run."
        })
final class ChangeApproveCommand extends OneChangeCommand {
    @Option(
            names = "--expect",
            paramLabel = "FINGERPRINT",
            description = "Refuse if it is not the request that was read: show prints the fingerprint.")
    private @Nullable String expected;

    @Option(names = "--yes", description = "Do it without asking; needs --expect.")
    private boolean yes;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "A word for whoever reads the journal.")
    private String reason = "";

    ChangeApproveCommand(World world) {
        super(world);
    }

    @Override
    Exit run(Workspace workspace, OpenedDatabase database, Changes changes, long id) throws SQLException {
        var dossier = changes.find(id);
        changes.mustBeApprovable(dossier);
        mustBeMeant(dossier);
        if (!yes) {
            world().err().print(text().one(dossier, file()));
            confirm(dossier);
        }
        var valid = database.entry().changes().map(Profile.Changes::approval).orElse(Profile.Changes.APPROVAL);
        show("change approve", changes.approve(dossier, reason, valid));
        return Exit.CLEAN;
    }

    private void mustBeMeant(Dossier dossier) {
        if (expected != null && !dossier.isMeantBy(expected)) {
            throw Failure.refused(Problem.of(dossier.name() + " is not the request that was read: its fingerprint is "
                            + dossier.shortFingerprint() + " and --expect says " + expected)
                    .remedy("agentroles change show " + file() + " " + dossier.name()));
        }
        if (yes && expected == null) {
            throw Failure.refused(Problem.of("nothing was approved: --yes does not say what was read")
                    .remedy("read agentroles change show " + file() + " " + dossier.name()
                            + ", then give --expect and its fingerprint"));
        }
    }

    private void confirm(Dossier dossier) {
        if (world().terminal().isEmpty()) {
            throw Failure.refused(Problem.of("nobody can be asked: this is no terminal, and --yes was not given")
                    .remedy("agentroles change approve " + file() + " " + dossier.name() + " --yes --expect "
                            + dossier.shortFingerprint()));
        }
        var said = asked("Type " + dossier.name() + " to approve it: ");
        if (!said.equals(Optional.of(dossier.name()))) {
            throw Failure.refused(Problem.of("nothing was approved: the answer was not " + dossier.name()));
        }
    }
}
