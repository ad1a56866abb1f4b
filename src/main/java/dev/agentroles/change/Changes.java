package dev.agentroles.change;

import dev.agentroles.change.Dossier.Place;
import dev.agentroles.ledger.ChangeBook;
import dev.agentroles.ledger.ChangeRequest;
import dev.agentroles.ledger.JournalEntry;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.ledger.StoppedBy;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.workspace.Means;
import dev.agentroles.workspace.OpenedDatabase;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The change requests of one database. Each step is taken once, whoever tries it at the same time, and stands in
/// the journal; a statement itself never does. For one thread, as the session is.
public final class Changes {
    private final OpenedDatabase database;
    private final Means means;
    private final InstantSource clock;

    /// @throws Failure if the ledger is older than change requests
    public Changes(OpenedDatabase database, Means means) throws SQLException {
        this.database = database;
        this.means = means;
        if (!(database.look() instanceof LedgerState.Present present && present.keepsChanges())) {
            throw Failure.error(Problem.of("the ledger of database "
                            + database.entry().name() + " was made by an agentroles that knew no change requests")
                    .remedy("agentroles apply " + Shell.word(database.profile().source()) + " brings it up to date"));
        }
        clock = present.clock(means.clock());
    }

    /// Newest first, no more than so many.
    public List<Dossier> all(int most) throws SQLException {
        return dossiers(book().all(most));
    }

    /// Newest first, without those that are over.
    public List<Dossier> open(int most) throws SQLException {
        return dossiers(book().open(most));
    }

    private List<Dossier> dossiers(List<ChangeRequest> requests) throws SQLException {
        var revocations = database.ledger().stops().revocations();
        var now = now();
        return requests.stream()
                .map(request -> dossier(request, revocations, now))
                .toList();
    }

    /// How many wait for a person: for a decision, or for somebody to see how a run ended.
    public int undecided() throws SQLException {
        return book().undecided();
    }

    /// @throws Failure if there is no such request
    public Dossier find(long id) throws SQLException {
        var request = book().find(id)
                .orElseThrow(() -> Failure.usage(Problem.of(
                                "there is no change request " + database.entry().name() + "/" + id)
                        .remedy("agentroles change list " + Shell.word(source()) + " shows those there are")));
        return dossier(request, database.ledger().stops().revocations(), now());
    }

    private Dossier dossier(ChangeRequest request, Map<String, StoppedBy> revocations, Instant now) {
        var place = Place.of(
                database.profile().environment(),
                database.entry().name(),
                database.server().identity(),
                database.home().places());
        return new Dossier(
                place,
                request,
                database.engine().form(request.statement()),
                stopped(request.agent(), revocations),
                now);
    }

    private Optional<String> stopped(String agent, Map<String, StoppedBy> revocations) {
        var revoked = Optional.ofNullable(revocations.get(agent));
        if (revoked.isPresent()) {
            return revoked.map(by -> "agent " + agent + " was revoked " + by.words());
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
        database.forgottenStops().mayGive(agent);
        stopped(agent, database.ledger().stops().revocations()).ifPresent(why -> {
            throw Failure.refused(Problem.of("nothing was asked for: " + why));
        });
        var form = database.engine().form(statement);
        form.unfit().ifPresent(why -> {
            throw Failure.usage(Problem.of("this is no schema change: " + why));
        });
        var id = book().request(
                        new ChangeRequest.Asked(agent, means.operator(), now(), statement, reason),
                        number -> entry("request change", agent, "done", Dossier.described(number, form.words())));
        return find(id);
    }

    /// @throws Failure if its agent has nothing changed now, by what the ledger or the server remembers
    void mustNotBeStopped(Dossier dossier) throws SQLException {
        database.forgottenStops().mayGive(dossier.request().agent());
        dossier.stopped().ifPresent(why -> {
            throw Failure.refused(Problem.of(dossier.name() + ": " + why)
                    .remedy("reject it: agentroles change reject " + Shell.word(source()) + " " + dossier.name()
                            + " --reason ..."));
        });
    }

    /// Refuses a request, or takes an approval back. Works while the environment is frozen.
    public Dossier reject(Dossier dossier, String why) throws SQLException {
        database.guard(database.look()).mayChange();
        var request = dossier.request();
        switch (request.state()) {
            case REQUESTED, APPROVED -> {}
            case RUNNING ->
                throw Failure.refused(Problem.of(dossier.name() + " cannot be rejected: " + dossier.past())
                        .remedy("agentroles change run " + Shell.word(source()) + " " + dossier.name()
                                + " finds out how it ended"));
            case REJECTED, DONE, FAILED ->
                throw Failure.refused(Problem.of(dossier.name() + " cannot be rejected: " + dossier.past()));
        }
        boolean done = book().reject(
                        request.id(),
                        new ChangeRequest.Decision(means.operator(), now(), why),
                        entry("reject change", request.agent(), "done", dossier.described()));
        if (!done) {
            throw changed(dossier);
        }
        return find(request.id());
    }

    /// What somebody is told who decided on what has changed since they read it.
    Failure changed(Dossier dossier) throws SQLException {
        return Failure.refused(Problem.of(dossier.name() + " has changed meanwhile: "
                        + find(dossier.request().id()).past())
                .remedy("agentroles change show " + Shell.word(source()) + " " + dossier.name()));
    }

    JournalEntry entry(String action, String agent, String outcome, String detail) {
        return new JournalEntry(
                now(), means.actor(database), action, Optional.of(agent), Optional.empty(), outcome, detail);
    }

    void note(String action, String agent, String outcome, String detail) throws SQLException {
        database.ledger().journal().append(entry(action, agent, outcome, detail));
    }

    /// By the server's clock.
    Instant now() {
        return clock.instant();
    }

    OpenedDatabase database() {
        return database;
    }

    Means means() {
        return means;
    }

    ChangeBook book() {
        return database.ledger().changes();
    }

    /// The profile's file.
    String source() {
        return database.profile().source();
    }
}
