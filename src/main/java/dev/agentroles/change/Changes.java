package dev.agentroles.change;

import dev.agentroles.apply.Means;
import dev.agentroles.apply.OpenedDatabase;
import dev.agentroles.change.Dossier.Place;
import dev.agentroles.credential.FaultPoints.Point;
import dev.agentroles.engine.Said;
import dev.agentroles.engine.SchemaSession;
import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.ledger.Actor;
import dev.agentroles.ledger.ChangeBook;
import dev.agentroles.ledger.ChangeRequest;
import dev.agentroles.ledger.ChangeRequest.State;
import dev.agentroles.ledger.Claims;
import dev.agentroles.ledger.Freeze;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The change requests of one database. Each step is taken once, whoever tries it at the same time, and stands in
/// the journal; a statement itself never does. For one thread, as the session is.
public final class Changes {
    private static final String RUN = "run change";

    private final OpenedDatabase database;
    private final Means means;

    /// @throws Failure if the ledger is older than change requests
    public Changes(OpenedDatabase database, Means means) throws SQLException {
        this.database = database;
        this.means = means;
        if (!(database.look() instanceof LedgerState.Present present && present.keepsChanges())) {
            throw Failure.error(Problem.of("the ledger of database "
                            + database.entry().name() + " was made by an agentroles that knew no change requests")
                    .remedy("agentroles apply " + database.profile().source() + " brings it up to date"));
        }
    }

    /// Newest first.
    public List<Dossier> list(boolean openOnly, int most) throws SQLException {
        var revocations = database.ledger().stops().revocations();
        var now = now();
        return book().list(openOnly, most).stream()
                .map(request -> dossier(request, revocations, now))
                .toList();
    }

    /// @throws Failure if there is no such request
    public Dossier find(long id) throws SQLException {
        var request = book().find(id)
                .orElseThrow(() -> Failure.usage(Problem.of(
                                "there is no change request " + database.entry().name() + "/" + id)
                        .remedy("agentroles change list " + source() + " shows those there are")));
        return dossier(request, database.ledger().stops().revocations(), now());
    }

    private Dossier dossier(ChangeRequest request, Map<String, Freeze> revocations, Instant now) {
        var place = Place.of(
                database.profile().environment(),
                database.entry().name(),
                database.server().identity());
        return new Dossier(
                place,
                request,
                database.engine().form(request.statement()),
                stopped(request.agent(), revocations),
                now);
    }

    private Optional<String> stopped(String agent, Map<String, Freeze> revocations) {
        var revoked = Optional.ofNullable(revocations.get(agent));
        if (revoked.isPresent()) {
            return revoked.map(
                    by -> "agent " + agent + " was revoked by " + by.by() + " at " + by.at() + " because: " + by.why());
        }
        var known = database.profile().agentsOf(database.entry().name()).stream()
                .filter(one -> one.name().equals(agent))
                .findFirst();
        if (known.isEmpty()) {
            return Optional.of(source() + " gives agent " + agent + " no access to this database");
        }
        return known.get().requestsChanges()
                ? Optional.empty()
                : Optional.of(source() + " does not let agent " + agent + " ask for changes (request_changes)");
    }

    /// Asks for an agent.
    ///
    /// @throws Failure if the agent may ask for nothing, or not for this
    public Dossier request(String agent, String statement, String reason) throws SQLException {
        database.guard(database.look()).mayGive();
        stopped(agent, database.ledger().stops().revocations()).ifPresent(why -> {
            throw Failure.refused(Problem.of("nothing was asked for: " + why));
        });
        var form = database.engine().form(statement);
        form.unfit().ifPresent(why -> {
            throw Failure.usage(Problem.of("this is no schema change: " + why));
        });
        var id = book().request(
                        agent,
                        means.operator(),
                        now(),
                        statement,
                        reason,
                        number -> entry("request change", agent, "done", described(number, form.words())));
        return find(id);
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
        var by = means.operator()
                + signer(document, signature).map(name -> ", key of " + name).orElse("");
        var request = shown.request();
        var now = now();
        if (!document.until().isAfter(now)
                || document.until().isAfter(document(find(request.id())).until())) {
            throw Failure.refused(Problem.of("nothing was approved: the document is good until " + document.until()
                            + ", and it is " + now)
                    .remedy("sign a new one: agentroles change show " + source() + " " + shown.name() + " --to-sign"));
        }
        var done = find(request.id()).fingerprint().equals(shown.fingerprint())
                && book().approve(
                                request.id(),
                                new ChangeRequest.Decision(by, now, why),
                                new ChangeRequest.Approval(shown.fingerprint(), document.until(), signature),
                                entry(
                                        "approve change",
                                        request.agent(),
                                        "done",
                                        described(shown) + ", fingerprint " + shown.fingerprint() + ", by " + by));
        if (!done) {
            throw changed(shown);
        }
        return find(request.id());
    }

    /// @throws Failure if the profile names approvers, who sign
    public void mustNeedNoSignature(Dossier dossier) {
        signer(document(dossier), Optional.empty());
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
                            + source() + " names approvers for database "
                            + database.entry().name())
                    .remedy("agentroles change show " + source() + " " + name + " --to-sign --output approval.txt;"
                            + " ssh-keygen -Y sign -n " + SshSignature.NAMESPACE + " -f YOUR_KEY approval.txt;"
                            + " agentroles change approve " + source() + " " + name + " --signed approval.txt"));
        }
        return signer;
    }

    private List<Profile.Approver> approvers() {
        return database.entry().changes().map(Profile.Changes::approvers).orElse(List.of());
    }

    /// @throws Failure that says why a person cannot approve it
    public void mustBeApprovable(Dossier dossier) {
        switch (dossier.standing()) {
            case REQUESTED, APPROVED, EXPIRED, ALTERED -> {}
            case REJECTED, RUNNING, DONE, FAILED ->
                throw Failure.refused(Problem.of(dossier.name() + " cannot be approved: " + past(dossier))
                        .remedy("an agent that still wants it asks again"));
        }
        dossier.form().unfit().ifPresent(why -> {
            throw Failure.refused(Problem.of(dossier.name() + " cannot be approved: " + why)
                    .remedy("agentroles change reject " + source() + " " + dossier.name() + " --reason ..."));
        });
        mustNotBeStopped(dossier);
    }

    private void mustNotBeStopped(Dossier dossier) {
        dossier.stopped().ifPresent(why -> {
            throw Failure.refused(Problem.of(dossier.name() + ": " + why)
                    .remedy("reject it: agentroles change reject " + source() + " " + dossier.name()
                            + " --reason ..."));
        });
    }

    /// Refuses a request, or takes an approval back. Works while the environment is frozen.
    public Dossier reject(Dossier dossier, String why) throws SQLException {
        database.guard(database.look()).mayChange();
        var request = dossier.request();
        boolean done = book().reject(
                        request.id(),
                        new ChangeRequest.Decision(means.operator(), now(), why),
                        entry("reject change", request.agent(), "done", described(dossier)));
        if (!done) {
            throw changed(dossier);
        }
        return find(request.id());
    }

    /// Tries a request, and keeps what that showed.
    ///
    /// @param ground where it is tried: this database, or the same of another environment
    /// @throws Failure if it could not be tried, or is over
    public Rehearsal rehearse(Dossier dossier, OpenedDatabase ground, Owner owner) throws SQLException {
        ground.guard(ground.look()).mayChange();
        dossier.form().unfit().ifPresent(why -> {
            throw Failure.refused(Problem.of(dossier.name() + " cannot be rehearsed: " + why));
        });
        if (!dossier.request().state().isOpen()) {
            throw Failure.refused(Problem.of(dossier.name() + " is over: " + past(dossier)));
        }
        var on = ground.profile().environment() + ", database " + ground.entry().name();
        var detail = described(dossier) + " on " + on;
        var agent = dossier.request().agent();
        var there = ground == database ? this : new Changes(ground, means);
        there.note("rehearse change", agent, "begun", detail);
        Rehearsal rehearsal;
        try (var session = session(ground, owner)) {
            rehearsal = new Rehearsal(
                    dossier, on, session.rehearse(dossier.request().statement(), dossier.form(), owner.bounds()));
        } catch (SQLException said) {
            throw new Failure(Exit.ERROR, ground.engine().describe(said, owner.target()), said);
        }
        var outcome = rehearsal.works() ? "done" : "failed";
        if (there != this) {
            there.note("rehearse change", agent, outcome, detail);
        }
        boolean kept = book().rehearsed(
                        dossier.request().id(),
                        new ChangeRequest.Rehearsed(now(), on, rehearsal.outcome()),
                        entry("rehearse change", agent, outcome, detail));
        if (!kept) {
            throw changed(dossier);
        }
        return rehearsal;
    }

    private void note(String action, String agent, String outcome, String detail) throws SQLException {
        database.ledger().journal().append(entry(action, agent, outcome, detail));
    }

    /// Runs what was approved, once.
    ///
    /// @throws Failure if it must not be run, or nobody knows whether it was already; nothing was done then
    public Ran run(long id, Owner owner) throws SQLException {
        database.guard(database.look()).mayGive();
        mustBeAlone(id, owner.bounds().statement());
        try {
            var found = settled(find(id));
            if (found.standing() == Standing.DONE) {
                return new Ran.Done(found, true);
            }
            mustBeRunnable(found);
            try (var session = session(database, owner)) {
                return run(found, session, owner);
            }
        } finally {
            database.ledger().claims().releaseChange(id);
        }
    }

    private Ran run(Dossier dossier, SchemaSession session, Owner owner) throws SQLException {
        var request = dossier.request();
        boolean ours = book().start(
                        request.id(),
                        dossier.fingerprint(),
                        means.operator(),
                        entry(RUN, request.agent(), "begun", described(dossier)));
        if (!ours) {
            throw changed(dossier);
        }
        means.faults().reached(Point.CHANGE_STARTED);
        try {
            session.run(
                    request.statement(), dossier.form(), owner.bounds(), handle -> book().handle(request.id(), handle));
        } catch (SQLException said) {
            return failed(dossier, session, said);
        }
        means.faults().reached(Point.CHANGE_MADE);
        end(dossier, State.DONE, "done", "");
        return new Ran.Done(find(request.id()), false);
    }

    /// The server is asked what became of it: an answer can be lost after all was done.
    private Ran failed(Dossier dossier, SchemaSession session, SQLException failure) throws SQLException {
        var said = Said.firstLine(failure);
        var now = find(dossier.request().id());
        return switch (fate(now)) {
            case DONE -> {
                end(dossier, State.DONE, "done", "the answer was lost: " + said);
                yield new Ran.Done(find(dossier.request().id()), false);
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
        var now = find(dossier.request().id());
        return later ? new Ran.Postponed(now, said) : new Ran.Failed(now, said);
    }

    /// What a person found out of a run whose end nobody saw.
    ///
    /// @param done whether the statement was done
    /// @throws Failure if somebody still runs it, it was seen how it ended, or the server says that it was done
    public Dossier settle(long id, boolean done, String why) throws SQLException {
        database.guard(database.look()).mayChange();
        mustBeAlone(id, Duration.ZERO);
        try {
            var dossier = find(id);
            if (dossier.standing() != Standing.RUNNING) {
                throw Failure.refused(Problem.of(dossier.name() + " needs no settling: " + past(dossier)));
            }
            var fate = fate(dossier);
            if (fate == SchemaSession.Fate.RUNNING) {
                throw goesOn(dossier);
            }
            if (fate == SchemaSession.Fate.DONE && !done) {
                throw Failure.refused(Problem.of("the server says that " + dossier.name() + " was done")
                        .remedy("agentroles change run " + source() + " " + dossier.name() + " notes that"));
            }
            end(
                    dossier,
                    done ? State.DONE : State.APPROVED,
                    done ? "done" : "undone",
                    means.operator() + " looked and said so" + (why.isEmpty() ? "" : ": " + why));
            return find(id);
        } finally {
            database.ledger().claims().releaseChange(id);
        }
    }

    private void mustBeAlone(long id, Duration longest) throws SQLException {
        if (!database.ledger().claims().claimChange(id, longest)) {
            throw taken(
                    database.entry().name() + "/" + id,
                    database.ledger().claims().holderOfChange(id));
        }
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
                .remedy("wait for it; agentroles change show " + source() + " " + name + " says how it ended"));
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
                throw Failure.refused(Problem.of(past(dossier) + ", and this server cannot tell whether it was done")
                        .remedy("look whether it was, then: agentroles change settle " + source() + " " + dossier.name()
                                + " --as done or --as undone"));
        }
        return find(dossier.request().id());
    }

    private static Failure goesOn(Dossier dossier) {
        return Failure.refused(Problem.of("the server still works on " + dossier.name() + ": " + past(dossier))
                .remedy("wait, and run the command again"));
    }

    private SchemaSession.Fate fate(Dossier dossier) throws SQLException {
        var handle = dossier.request().execution().flatMap(ChangeRequest.Execution::handle);
        return database.server().fate(handle);
    }

    private void mustBeRunnable(Dossier dossier) {
        var again = "agentroles change approve " + source() + " " + dossier.name();
        switch (dossier.standing()) {
            case APPROVED -> {}
            case REQUESTED ->
                throw Failure.refused(
                        Problem.of(dossier.name() + " was approved by nobody").remedy(again));
            case EXPIRED ->
                throw Failure.refused(Problem.of("the approval of " + dossier.name() + " ended at "
                                + dossier.request().approval().orElseThrow().validUntil())
                        .remedy(again));
            case ALTERED ->
                throw Failure.refused(Problem.of(dossier.name() + " is not what was approved: the statement, the"
                                + " server or the database is another")
                        .remedy("find out who changed it; then reject it, or read it and approve it anew: " + again));
            case REJECTED, RUNNING, DONE, FAILED ->
                throw Failure.refused(Problem.of(dossier.name() + " cannot be run: " + past(dossier)));
        }
        dossier.form().unfit().ifPresent(why -> {
            throw Failure.refused(Problem.of(dossier.name() + " cannot be run: " + why));
        });
        mustNotBeStopped(dossier);
        var approval = dossier.request().approval().orElseThrow();
        signer(new ApprovalDocument(dossier, approval.validUntil()), approval.signature());
    }

    /// What became of it, a clause.
    private static String past(Dossier dossier) {
        var request = dossier.request();
        return switch (dossier.standing()) {
            case REQUESTED -> "nobody has decided";
            case APPROVED, EXPIRED, ALTERED ->
                request.decision()
                        .map(by -> by.by() + " approved it at " + by.at())
                        .orElse("it was approved");
            case REJECTED ->
                request.decision()
                        .map(by -> by.by() + " rejected it at " + by.at()
                                + (by.why().isEmpty() ? "" : " because: " + by.why()))
                        .orElse("it was rejected");
            case RUNNING ->
                request.execution()
                        .map(run -> run.by() + " began to run " + dossier.name() + " at " + run.startedAt()
                                + " and nobody saw the end")
                        .orElse("it is being run");
            case DONE -> "it was done" + endedAt(request);
            case FAILED ->
                "it failed" + endedAt(request)
                        + request.execution().map(run -> ": " + run.outcome()).orElse("");
        };
    }

    private static String endedAt(ChangeRequest request) {
        return request.execution()
                .flatMap(ChangeRequest.Execution::endedAt)
                .map(at -> " at " + at)
                .orElse("");
    }

    /// A session of the owner, on this very database and with no more power than that.
    private static SchemaSession session(OpenedDatabase ground, Owner owner) {
        try {
            var session = ground.engine().schema(owner.target());
            try {
                mustBeTheSame(ground.server().identity(), session.identity());
                mustBeNoMore(session);
                return session;
            } catch (SQLException | RuntimeException refused) {
                session.close();
                throw refused;
            }
        } catch (SQLException said) {
            throw new Failure(Exit.ERROR, ground.engine().describe(said, owner.target()), said);
        }
    }

    private static void mustBeNoMore(SchemaSession owner) throws SQLException {
        owner.excess().ifPresent(power -> {
            throw Failure.refused(
                    Problem.of("changes.username is " + owner.identity().user() + ", which " + power
                                    + ": what an agent wrote must not run with that")
                            .remedy("name a login that owns the schema and nothing else"));
        });
    }

    private static void mustBeTheSame(ServerIdentity administrator, ServerIdentity owner) {
        if (!owner.identifier().equals(administrator.identifier())
                || !owner.database().equals(administrator.database())) {
            throw Failure.refused(Problem.of("the schema's owner came to database " + owner.database() + " of server "
                    + owner.identifier() + ", and the administrator to database " + administrator.database()
                    + " of server " + administrator.identifier()));
        }
        if (owner.user().equals(administrator.user())) {
            throw Failure.refused(Problem.of("changes.username is the administrator " + owner.user()
                            + ", whose power over roles must not run what an agent wrote")
                    .remedy("name a login that owns the schema and nothing else"));
        }
    }

    private void end(Dossier dossier, State state, String outcome, String detail) throws SQLException {
        var said = detail.isEmpty() ? described(dossier) : described(dossier) + ": " + detail;
        book().end(
                        dossier.request().id(),
                        state,
                        detail,
                        entry(RUN, dossier.request().agent(), outcome, said));
    }

    private Failure changed(Dossier dossier) throws SQLException {
        return Failure.refused(Problem.of(dossier.name() + " has changed meanwhile: "
                        + past(find(dossier.request().id())))
                .remedy("agentroles change show " + source() + " " + dossier.name()));
    }

    private static String described(Dossier dossier) {
        return described(dossier.request().id(), dossier.form().words());
    }

    private static String described(long id, String words) {
        return "change request " + id + (words.isEmpty() ? "" : ", " + words);
    }

    private JournalEntry entry(String action, String agent, String outcome, String detail) {
        var actor = new Actor(database.server().identity().user(), means.operator());
        return new JournalEntry(now(), actor, action, Optional.of(agent), Optional.empty(), outcome, detail);
    }

    private Instant now() {
        try {
            return database.clock(means.clock()).instant();
        } catch (SQLException said) {
            throw database.failure(said);
        }
    }

    private ChangeBook book() {
        return database.ledger().changes();
    }

    private String source() {
        return database.profile().source();
    }
}
