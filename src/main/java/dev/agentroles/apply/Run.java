package dev.agentroles.apply;

import dev.agentroles.access.Lease;
import dev.agentroles.credential.Pieces;
import dev.agentroles.credential.Tools;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.problem.Failure;
import dev.agentroles.workspace.OpenedDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One run on one database: what it works with, and what it has done so far.
final class Run {
    private final OpenedDatabase database;
    private final Proposal proposal;
    private final Tools tools;
    private final Pieces pieces;
    private final List<Lease> issued = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private boolean changed;

    Run(OpenedDatabase database, Proposal proposal, Tools tools) {
        this.database = database;
        this.proposal = proposal;
        this.tools = tools;
        this.pieces = new Pieces(database.ledger());
    }

    OpenedDatabase database() {
        return database;
    }

    Proposal proposal() {
        return proposal;
    }

    Tools tools() {
        return tools;
    }

    /// What cannot be done is noted there, and hinders nothing else.
    Pieces pieces() {
        return pieces;
    }

    /// What the journal says of the changes of access, which are no single agent's.
    JournalEntry changes(String outcome, String detail) {
        return tools.entry("apply", Optional.empty(), outcome, detail);
    }

    /// Something of the database's access is another than before, and stays so.
    void changed() {
        changed = true;
    }

    void issued(Lease lease) {
        issued.add(lease);
    }

    /// @param lease whose login is gone
    void ended(String lease) {
        ended.add(lease);
    }

    Outcome outcome() {
        return new Outcome(proposal, issued, ended, pieces.failed());
    }

    /// How far it came. Running again does the rest.
    ///
    /// @throws Failure the same, if there is nothing else to tell
    Outcome stoppedBy(Failure failure) {
        if (!changed && issued.isEmpty() && ended.isEmpty() && pieces.failed().isEmpty()) {
            throw failure;
        }
        pieces.add(failure.problems());
        return outcome();
    }
}
