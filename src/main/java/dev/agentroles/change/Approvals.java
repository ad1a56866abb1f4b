package dev.agentroles.change;

import dev.agentroles.ledger.ChangeRequest;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.profile.Profile;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// A person's consent to change requests: what it is bound to, and whether it is one.
public final class Approvals {
    private final Changes changes;
    private final OpenedDatabase database;

    public Approvals(Changes changes) {
        this.changes = changes;
        database = changes.database();
    }

    /// What somebody approves who approves it now.
    public ApprovalDocument document(Dossier dossier) {
        var valid = database.entry().changes().map(Profile.Changes::approval).orElse(Profile.Changes.APPROVAL);
        return new ApprovalDocument(dossier, dossier.at().plus(valid));
    }

    /// Approves exactly what somebody was shown.
    ///
    /// @param document that they approve, and signed where the profile names approvers
    /// @throws Failure if it is another by now, no change that could be run, or not signed by an approver
    public Dossier approve(ApprovalDocument document, Optional<String> signature, String why) throws SQLException {
        database.guard(database.look()).mayGive();
        var shown = document.dossier();
        mustBeApprovable(shown);
        var by = changes.means().operator()
                + signer(document, signature).map(name -> ", key of " + name).orElse("");
        var request = shown.request();
        var now = changes.now();
        var latest = document(changes.find(request.id())).until();
        if (!document.until().isAfter(now) || document.until().isAfter(latest)) {
            throw Failure.refused(Problem.of("nothing was approved: the document is good until " + document.until()
                            + (document.until().isAfter(latest)
                                    ? ", and what is approved now is good until " + latest + " at most"
                                    : ", and it is " + now))
                    .remedy("sign a new one: agentroles change show " + Shell.word(changes.source()) + " "
                            + shown.name() + " --to-sign"));
        }
        var done = changes.find(request.id()).fingerprint().equals(shown.fingerprint())
                && changes.book()
                        .approve(
                                request.id(),
                                new ChangeRequest.Decision(by, now, why),
                                new ChangeRequest.Approval(shown.fingerprint(), document.until(), signature),
                                changes.entry(
                                        "approve change",
                                        request.agent(),
                                        "done",
                                        shown.described() + ", fingerprint " + shown.fingerprint() + ", by " + by));
        if (!done) {
            throw changes.changed(shown);
        }
        return changes.find(request.id());
    }

    /// @throws Failure if the profile names approvers, who sign
    public void mustNeedNoSignature(Dossier dossier) {
        signer(document(dossier), Optional.empty());
    }

    /// @throws Failure if approvers must have signed it, and it is not signed by one by now
    void mustBeSigned(Dossier dossier) {
        var approval = dossier.request().approval().orElseThrow();
        signer(new ApprovalDocument(dossier, approval.validUntil()), approval.signature());
    }

    /// Whose key signed it; empty where the profile names no approvers.
    ///
    /// @throws Failure if it names some and none of them did
    private Optional<String> signer(ApprovalDocument document, Optional<String> signature) {
        var approvers = approvers();
        if (approvers.isEmpty()) {
            return Optional.empty();
        }
        var name = document.dossier().name();
        var signer = signature.flatMap(text -> document.signer(approvers, text));
        if (signer.isEmpty()) {
            throw Failure.refused(Problem.of(name + " is not approved: "
                            + (signature.isEmpty() ? "nobody signed it" : "no approver's key signed it") + ", and "
                            + changes.source() + " names approvers for database "
                            + database.entry().name())
                    .remedy("agentroles change show " + Shell.word(changes.source()) + " " + name
                            + " --to-sign --output approval.txt;"
                            + " ssh-keygen -Y sign -n " + SshSignature.NAMESPACE + " -f YOUR_KEY approval.txt;"
                            + " agentroles change approve " + Shell.word(changes.source()) + " " + name
                            + " --signed approval.txt"));
        }
        return signer;
    }

    private List<Profile.Approver> approvers() {
        return database.entry().changes().map(Profile.Changes::approvers).orElse(List.of());
    }

    /// @throws Failure that says why a person cannot approve it
    public void mustBeApprovable(Dossier dossier) throws SQLException {
        switch (dossier.standing()) {
            case REQUESTED, APPROVED, EXPIRED, ALTERED -> {}
            case REJECTED, RUNNING, DONE, FAILED ->
                throw Failure.refused(Problem.of(dossier.name() + " cannot be approved: " + dossier.past())
                        .remedy("an agent that still wants it asks again"));
        }
        dossier.form().unfit().ifPresent(why -> {
            throw Failure.refused(Problem.of(dossier.name() + " cannot be approved: " + why)
                    .remedy("agentroles change reject " + Shell.word(changes.source()) + " " + dossier.name()
                            + " --reason ..."));
        });
        changes.mustNotBeStopped(dossier);
    }
}
