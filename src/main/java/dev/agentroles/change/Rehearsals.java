package dev.agentroles.change;

import dev.agentroles.ledger.ChangeRequest;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;

/// Tries change requests, here or in another environment.
public final class Rehearsals {
    private static final String ACTION = "rehearse change";

    private final Changes changes;

    public Rehearsals(Changes changes) {
        this.changes = changes;
    }

    /// Tries a request in its own database, and keeps what that showed.
    ///
    /// @throws Failure if it could not be tried, or is over
    public Rehearsal rehearse(Dossier dossier, Owner owner) throws SQLException {
        mustBeOpen(dossier);
        return kept(tried(dossier, changes, owner));
    }

    /// The same in the database of another environment, whose journal says so, too.
    public Rehearsal rehearse(Dossier dossier, OpenedDatabase ground, Owner owner) throws SQLException {
        mustBeOpen(dossier);
        return kept(triedOn(ground, dossier, owner));
    }

    private Rehearsal triedOn(OpenedDatabase ground, Dossier dossier, Owner owner) {
        try {
            var there = new Changes(ground, changes.means());
            var rehearsal = tried(dossier, there, owner);
            there.note(ACTION, dossier.request().agent(), rehearsal.end(), rehearsal.described());
            return rehearsal;
        } catch (SQLException said) {
            // The caller knows the database of the request only.
            throw ground.failure(said);
        }
    }

    private static Rehearsal tried(Dossier dossier, Changes there, Owner owner) throws SQLException {
        var ground = there.database();
        ground.guard(ground.look()).mayChange();
        var on = ground.profile().environment() + ", database " + ground.entry().name();
        there.note(ACTION, dossier.request().agent(), "begun", Rehearsal.described(dossier, on));
        try (var session = owner.session(ground)) {
            return new Rehearsal(
                    dossier, on, session.rehearse(dossier.request().statement(), dossier.form(), owner.bounds()));
        } catch (SQLException said) {
            throw owner.failure(ground, said);
        }
    }

    private static void mustBeOpen(Dossier dossier) {
        dossier.form().unfit().ifPresent(why -> {
            throw Failure.refused(Problem.of(dossier.name() + " cannot be rehearsed: " + why));
        });
        if (!dossier.request().state().isOpen()) {
            throw Failure.refused(Problem.of(dossier.name() + " is over: " + dossier.past()));
        }
    }

    private Rehearsal kept(Rehearsal rehearsal) throws SQLException {
        var request = rehearsal.dossier().request();
        boolean kept = changes.book()
                .rehearsed(
                        request.id(),
                        new ChangeRequest.Rehearsed(changes.now(), rehearsal.on(), rehearsal.outcome()),
                        changes.entry(ACTION, request.agent(), rehearsal.end(), rehearsal.described()));
        if (!kept) {
            throw changes.changed(rehearsal.dossier());
        }
        return rehearsal;
    }
}
