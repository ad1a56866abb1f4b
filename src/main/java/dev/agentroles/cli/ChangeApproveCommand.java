package dev.agentroles.cli;

import dev.agentroles.change.ApprovalDocument;
import dev.agentroles.change.Approvals;
import dev.agentroles.change.Changes;
import dev.agentroles.change.Dossier;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.workspace.OpenedDatabase;
import dev.agentroles.workspace.Workspace;
import java.nio.file.Path;
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
    /// Bytes: more than a document has, whose statement is escaped.
    private static final int LONGEST = 1 << 20;

    @Option(
            names = "--expect",
            paramLabel = "FINGERPRINT",
            description = "Refuse if it is not the request that was read: show prints the fingerprint.")
    private @Nullable String expected;

    @Option(names = "--yes", description = "Do it without asking; needs --expect.")
    private boolean yes;

    @Option(
            names = "--signed",
            paramLabel = "FILE",
            description =
                    "What show --to-sign printed, with its signature in FILE.sig; where the profile names approvers.")
    private @Nullable Path signed;

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
    void checkOptions() {
        mustBeShort(reason);
    }

    @Override
    Exit run(Workspace workspace, OpenedDatabase database, Changes changes, long id) throws SQLException {
        var dossier = changes.find(id);
        var approvals = new Approvals(changes);
        approvals.mustBeApprovable(dossier);
        mustBeMeant(dossier);
        show("change approve", signed == null ? unsigned(approvals, dossier) : signed(approvals, dossier, signed));
        return Exit.CLEAN;
    }

    private Dossier unsigned(Approvals approvals, Dossier dossier) throws SQLException {
        approvals.mustNeedNoSignature(dossier);
        if (!yes) {
            world().err().print(text().one(dossier, file()));
            confirm(dossier);
        }
        return approvals.approve(approvals.document(dossier), Optional.empty(), reason);
    }

    private Dossier signed(Approvals approvals, Dossier dossier, Path file) throws SQLException {
        var document = ApprovalDocument.of(dossier, read(file))
                .orElseThrow(() -> Failure.refused(Problem.of(
                                "nothing was approved: " + file + " is no approval of " + dossier.name() + " as it is")
                        .remedy("agentroles change show " + Shell.word(file()) + " " + dossier.name()
                                + " --to-sign --output " + Shell.word(file.toString())
                                + " writes one to read and sign")));
        return approvals.approve(document, Optional.of(read(Path.of(file + ".sig"))), reason);
    }

    private String read(Path file) {
        return InputFile.of(file, world().directory()).text(LONGEST);
    }

    private void mustBeMeant(Dossier dossier) {
        if (expected != null && !dossier.isMeantBy(expected)) {
            throw Failure.refused(Problem.of(dossier.name() + " is not the request that was read: its fingerprint is "
                            + dossier.shortFingerprint() + " and --expect says " + expected)
                    .remedy("agentroles change show " + Shell.word(file()) + " " + dossier.name()));
        }
        if (yes && expected == null) {
            throw Failure.refused(Problem.of("nothing was approved: --yes does not say what was read")
                    .remedy("read agentroles change show " + Shell.word(file()) + " " + dossier.name()
                            + ", then give --expect and its fingerprint"));
        }
    }

    private void confirm(Dossier dossier) {
        if (world().terminal().isEmpty()) {
            throw Failure.refused(Problem.of("nobody can be asked: this is no terminal, and --yes was not given")
                    .remedy("agentroles change approve " + Shell.word(file()) + " " + dossier.name()
                            + " --yes --expect " + dossier.shortFingerprint()));
        }
        var said = asked("Type " + dossier.name() + " to approve it: ");
        if (!said.equals(Optional.of(dossier.name()))) {
            throw Failure.refused(Problem.of("nothing was approved: the answer was not " + dossier.name()));
        }
    }
}
