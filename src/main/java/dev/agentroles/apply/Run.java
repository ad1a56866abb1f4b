package dev.agentroles.apply;

import dev.agentroles.access.Lease;
import dev.agentroles.credential.Pieces;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.problem.Failure;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One run on one database: what it works with, and what it has done so far.
final class Run {
    private final OpenedDatabase database;
    private final Proposal proposal;
    private final Actor actor;
    private final InstantSource clock;
    private final Pieces pieces;
    private final List<Lease> issued = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private boolean changed;

    /// @param clock the server's
    Run(OpenedDatabase database, Proposal proposal, Actor actor, InstantSource clock) {
        this.database = database;
        this.proposal = proposal;
        this.actor = actor;
        this.clock = clock;
        this.pieces = new Pieces(database.ledger());
    }

    OpenedDatabase database() {
        return database;
    }

    Proposal proposal() {
        return proposal;
    }

    Actor actor() {
        return actor;
    }

    InstantSource clock() {
        return clock;
    }

    /// What cannot be done is noted there, and hinders nothing else.
    Pieces pieces() {
        return pieces;
    }

    void begun(String action, Optional<String> agent, Optional<String> lease, String detail) throws SQLException {
        database.ledger()
                .journal()
                .append(new JournalEntry(clock.instant(), actor, action, agent, lease, "begun", detail));
    }

    JournalEntry done(String action, Optional<String> agent, Optional<String> lease, String detail) {
        return new JournalEntry(clock.instant(), actor, action, agent, lease, "done", detail);
    }

    /// Of the changes of access, which are no single agent's.
    JournalEntry changes(String outcome, String detail) {
        return new JournalEntry(clock.instant(), actor, "apply", Optional.empty(), Optional.empty(), outcome, detail);
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
