package dev.agentroles.change;

import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.Said;
import dev.agentroles.engine.SchemaSession;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.ledger.ChangeRequest;
import dev.agentroles.ledger.ChangeRequest.State;
import dev.agentroles.ledger.Claims;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// Runs change requests that were approved, each once, however often and wherever it is tried. What became of a run
/// whose end nobody saw is asked of the server, and of a person where that cannot tell.
public final class Runs {
    private static final String RUN = "run change";

    private final Changes changes;
    private final OpenedDatabase database;

    public Runs(Changes changes) {
        this.changes = changes;
        database = changes.database();
    }

    /// Runs what was approved, once.
    ///
    /// @throws Failure if it must not be run, or nobody knows whether it was already; nothing was done then
    public Ran run(long id, Owner owner) throws SQLException {
        database.guard(database.look()).mayGive();
        try (var _ = alone(id, owner.bounds().statement())) {
            var found = settled(changes.find(id));
            if (found.standing() == Standing.DONE) {
                return new Ran.Done(found, true);
            }
            mustBeRunnable(found);
            mustBeRemembered(found);
            try (var session = owner.session(database)) {
                return run(found, session, owner);
            }
        }
    }

    private Ran run(Dossier dossier, SchemaSession session, Owner owner) throws SQLException {
        var request = dossier.request();
        boolean ours = changes.book()
                .start(
                        request.id(),
                        dossier.fingerprint(),
                        changes.means().operator(),
                        changes.entry(RUN, request.agent(), "begun", dossier.described()));
        if (!ours) {
            throw changes.changed(dossier);
        }
        changes.means().faults().reached(Point.CHANGE_STARTED);
        try {
            session.run(
                    request.statement(),
                    dossier.form(),
                    owner.bounds(),
                    handle -> changes.book().handle(request.id(), handle));
        } catch (SQLException said) {
            return failed(dossier, session, said);
        }
        changes.means().faults().reached(Point.CHANGE_MADE);
        end(dossier, State.DONE, "done", "");
        return new Ran.Done(changes.find(request.id()), false);
    }

    /// The server is asked what became of it: an answer can be lost after all was done.
    private Ran failed(Dossier dossier, SchemaSession session, SQLException failure) throws SQLException {
        var said = Said.firstLine(failure);
        var now = changes.find(dossier.request().id());
        return switch (fate(now)) {
            case DONE -> {
                end(dossier, State.DONE, "done", "the answer was lost: " + said);
                yield new Ran.Done(changes.find(dossier.request().id()), false);
            }
            case UNDONE -> undone(dossier, session, failure);
            case RUNNING, UNKNOWN ->
                session.refused(failure) ? undone(dossier, session, failure) : new Ran.Unseen(now, said);
        };
    }

    private Ran undone(Dossier dossier, SchemaSession session, SQLException failure) throws SQLException {
        var said = Said.firstLine(failure);
        boolean later = session.mayWorkLater(failure);
        end(dossier, later ? State.APPROVED : State.FAILED, "failed", Said.code(failure) + ": " + said);
        var now = changes.find(dossier.request().id());
        return later ? new Ran.Postponed(now, said) : new Ran.Failed(now, said);
    }

    /// What a person found out of a run whose end nobody saw.
    ///
    /// @param done whether the statement was done
    /// @throws Failure if somebody still runs it, it was seen how it ended, or the server says that it was done
    public Dossier settle(long id, boolean done, String why) throws SQLException {
        database.guard(database.look()).mayChange();
        try (var _ = alone(id, Duration.ZERO)) {
            var dossier = changes.find(id);
            if (dossier.standing() != Standing.RUNNING) {
                throw Failure.refused(Problem.of(dossier.name() + " needs no settling: " + dossier.past()));
            }
            var fate = fate(dossier);
            if (fate == SchemaSession.Fate.RUNNING) {
                throw goesOn(dossier);
            }
            if (fate == SchemaSession.Fate.DONE && !done) {
                throw Failure.refused(Problem.of("the server says that " + dossier.name() + " was done")
                        .remedy("agentroles change run " + Shell.word(changes.source()) + " " + dossier.name()
                                + " notes that"));
            }
            end(
                    dossier,
                    done ? State.DONE : State.APPROVED,
                    done ? "done" : "undone",
                    changes.means().operator() + " looked and said so" + (why.isEmpty() ? "" : ": " + why));
            return changes.find(id);
        }
    }

    private SqlCloseable alone(long id, Duration longest) throws SQLException {
        var claims = database.ledger().claims();
        if (!claims.claimChange(id, longest)) {
            throw taken(database.entry().name() + "/" + id, claims.holderOfChange(id));
        }
        return () -> claims.releaseChange(id);
    }

    /// Any login can take the lock that a claim is; without it two runs at once could not be told apart.
    private Failure taken(String name, Optional<Claims.Holder> holder) {
        if (holder.isPresent() && holder.get().outsider()) {
            return Failure.refused(Problem.of("nothing was done: " + holder.get() + " from "
                            + holder.get().machine() + " holds the lock that says who runs change request " + name
                            + ", and is no run of agentroles")
                    .remedy("end that session, or revoke the agent whose login it is; then run the command again"));
        }
        return Failure.refused(Problem.of("another session runs change request " + name
                        + holder.map(by -> ": " + by + " from " + by.machine()).orElse(""))
                .remedy("wait for it; agentroles change show " + Shell.word(changes.source()) + " " + name
                        + " says how it ended"));
    }

    /// One whose run ended unseen, as the server says it ended.
    private Dossier settled(Dossier dossier) throws SQLException {
        if (dossier.standing() != Standing.RUNNING) {
            return dossier;
        }
        switch (fate(dossier)) {
            case DONE -> end(dossier, State.DONE, "done", "whoever ran it did not see the end");
            case UNDONE -> end(dossier, State.APPROVED, "undone", "whoever ran it ended before anything was done");
            case RUNNING -> throw goesOn(dossier);
            case UNKNOWN ->
                throw Failure.refused(Problem.of(dossier.past() + ", and this server cannot tell whether it was done")
                        .remedy("look whether it was, then: agentroles change settle " + Shell.word(changes.source())
                                + " " + dossier.name() + " --as done or --as undone"));
        }
        return changes.find(dossier.request().id());
    }

    private static Failure goesOn(Dossier dossier) {
        return Failure.refused(Problem.of("the server still works on " + dossier.name() + ": " + dossier.past())
                .remedy("wait, and run the command again"));
    }

    private SchemaSession.Fate fate(Dossier dossier) throws SQLException {
        var handle = dossier.request().execution().flatMap(ChangeRequest.Execution::handle);
        return database.server().fate(handle);
    }

    /// A ledger that was put back says of what was run since that it was not.
    private void mustBeRemembered(Dossier dossier) throws SQLException {
        var forgotten = database.forgotten();
        if (!forgotten.isEmpty()) {
            throw Failure.refused(Problem.of("the ledger of database "
                            + database.entry().name() + " never knew login " + forgotten.getFirst()
                            + ": it was put back, as by a backup that was restored, and may have forgotten that "
                            + dossier.name() + " was run")
                    .remedy("look whether it was; if so: agentroles change reject " + Shell.word(changes.source()) + " "
                            + dossier.name() + " --reason ...; if not, have agentroles rotate "
                            + Shell.word(changes.source())
                            + " and then agentroles reap " + Shell.word(changes.source())
                            + " end that login, or drop it where they leave it, and run the command again"));
        }
    }

    private void mustBeRunnable(Dossier dossier) throws SQLException {
        var again = "agentroles change approve " + Shell.word(changes.source()) + " " + dossier.name();
        switch (dossier.standing()) {
            case APPROVED -> {}
            case REQUESTED ->
                throw Failure.refused(
                        Problem.of(dossier.name() + " was approved by nobody").remedy(again));
            case EXPIRED ->
                throw Failure.refused(Problem.of("the approval of " + dossier.name() + " ended at "
                                + dossier.request().approval().orElseThrow().validUntil())
                        .remedy(again));
            case ALTERED -> throw altered(dossier, again);
            case REJECTED, RUNNING, DONE, FAILED ->
                throw Failure.refused(Problem.of(dossier.name() + " cannot be run: " + dossier.past()));
        }
        dossier.form().unfit().ifPresent(why -> {
            throw Failure.refused(Problem.of(dossier.name() + " cannot be run: " + why));
        });
        changes.mustNotBeStopped(dossier);
        new Approvals(changes).mustBeSigned(dossier);
    }

    private static Failure altered(Dossier dossier, String again) {
        return dossier.approvedOn()
                .map(server -> Failure.refused(Problem.of(dossier.name() + " was approved for server " + server
                                + ", and this is server " + dossier.place().server() + ", which has taken its place")
                        .remedy("see whether it was run there; then reject it, or approve it for this server: "
                                + again)))
                .orElseGet(() -> Failure.refused(Problem.of(
                                dossier.name() + " is not what was approved: the statement, the server or the"
                                        + " database is another")
                        .remedy("find out who changed it; then reject it, or read it and approve it anew: " + again)));
    }

    private void end(Dossier dossier, State state, String outcome, String detail) throws SQLException {
        var said = detail.isEmpty() ? dossier.described() : dossier.described() + ": " + detail;
        changes.book()
                .end(
                        dossier.request().id(),
                        state,
                        detail,
                        changes.entry(RUN, dossier.request().agent(), outcome, said));
    }
}
