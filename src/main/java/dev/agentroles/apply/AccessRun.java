package dev.agentroles.apply;

import dev.agentroles.access.Grant;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Securable;
import dev.agentroles.engine.Desired;
import dev.agentroles.engine.Statement;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Step;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The statements of a proposal in the order that never gives a write without its guard: writes that nothing
/// guards any more are taken away, then come the guard's own objects, its place on each table, everything else in one
/// transaction, guards that nobody needs. A table that others hold is left out, with what its guard would have held; so
/// is all that needs a guard if the guard's own objects cannot be changed. The next run does the rest.
final class AccessRun {
    private final Run run;
    private final Proposer proposer;
    private final Duration lockTimeout;
    private final LockPatience patience;

    /// What should have been taken away until its guard is back, and could not be.
    private final Set<Grant> kept = new HashSet<>();

    AccessRun(Run run, Proposer proposer, Duration lockTimeout) {
        this.run = run;
        this.proposer = proposer;
        this.lockTimeout = lockTimeout;
        patience = new LockPatience(lockTimeout);
    }

    /// All but the dropping of roles, which comes last.
    List<Statement> statements() {
        return run.proposal().rendering().statements().stream()
                .filter(statement -> !does(statement, Change.DropRole.class))
                .toList();
    }

    /// @param what is done, for the journal
    void change(String what) throws SQLException {
        var journal = run.database().ledger().journal();
        if (run.proposal().rendering().together()) {
            journal.append(run.changes("begun", what));
            changeTogether();
            journal.append(run.changes("done", what));
        } else {
            var each = new SeparateStatements(run, lockTimeout, this::leave);
            new StatementJournal(run, what, statements()).around(each::execute);
        }
    }

    private void changeTogether() throws SQLException {
        var alone = statements().stream().filter(Statement::alone).toList();
        withhold(alone);
        var unguarded = core(alone) ? attach(alone) : everything();
        var rendering = unguarded.isEmpty()
                ? run.proposal().rendering()
                : proposer.propose(run.database(), unguarded).rendering();
        execute(
                rendering.statements().stream()
                        .filter(statement -> !statement.alone() && !does(statement, Change.DropRole.class))
                        .toList(),
                lockTimeout);
        if (detach(alone)) {
            remove(alone);
        }
    }

    private void execute(List<Statement> statements, Duration wait) throws SQLException {
        run.database().server().execute(statements, wait, run::changed);
    }

    private void withhold(List<Statement> statements) throws SQLException {
        for (var statement : statements) {
            if (does(statement, Change.Withhold.class)
                    && !attempt(statement, statement.steps().getFirst())) {
                statement.steps().forEach(step -> kept.add(((Change.Withhold) step.change()).grant()));
            }
        }
    }

    /// @return whether the guard's own objects are as they should be
    private boolean core(List<Statement> statements) throws SQLException {
        boolean all = true;
        for (var statement : statements) {
            for (var step : statement.steps()) {
                switch (step.change()) {
                    case Change.InstallGuardCore _, Change.UpgradeGuardCore _ -> all &= attempt(statement, step);
                    default -> {}
                }
            }
        }
        return all;
    }

    /// What a guard would hold, and the mark of those whom it would hold.
    private Set<Securable.Relation> everything() {
        var everything = new LinkedHashSet<>(run.proposal().desired().held().keySet());
        everything.add(Guard.MARKER);
        return everything;
    }

    /// @return the tables that stay without their guard
    private Set<Securable.Relation> attach(List<Statement> statements) throws SQLException {
        var unguarded = new LinkedHashSet<Securable.Relation>();
        for (var statement : statements) {
            for (var step : statement.steps()) {
                if (step.change() instanceof Change.AttachGuard(var table, var _)) {
                    if (!attempt(statement, step)) {
                        unguarded.add(table.on());
                    }
                }
            }
        }
        return unguarded;
    }

    private String unguarded(Securable.Relation table) {
        var proposal = run.proposal();
        var held = proposal.desired().held().getOrDefault(table, Set.of());
        var given = proposal.plan().steps().stream()
                .map(Step::change)
                .filter(Change.Give.class::isInstance)
                .map(change -> ((Change.Give) change).grant())
                .toList();
        var withheld = proposal.desired().unguarded().stream()
                .filter(grant -> !kept.contains(grant))
                .collect(Collectors.toSet());
        var here = proposal.desired().state().grants().stream()
                .filter(grant -> Desired.Write.of(grant)
                        .filter(write -> write.table().equals(table) && held.contains(write))
                        .isPresent())
                .toList();
        var meaning = here.stream().anyMatch(grant -> !given.contains(grant) && !withheld.contains(grant))
                ? "WRITERS CAN CHANGE %s WITHOUT ANY LIMIT"
                : here.stream().anyMatch(withheld::contains)
                        ? "%s is closed to writers from now on"
                        : "%s stays as it was, closed to new writers";
        return meaning.formatted(table.display()) + ": its guard could not be put on";
    }

    /// @return whether no guard is left
    private boolean detach(List<Statement> statements) throws SQLException {
        boolean all = true;
        for (var statement : statements) {
            for (var step : statement.steps()) {
                if (step.change() instanceof Change.DetachGuard) {
                    all &= attempt(statement, step);
                }
            }
        }
        return all;
    }

    /// What is left of the guard when no table has it, as far as it goes.
    private void remove(List<Statement> statements) throws SQLException {
        for (var statement : statements) {
            for (var step : statement.steps()) {
                if (step.change() instanceof Change.RemoveGuardCore && !attempt(statement, step)) {
                    return;
                }
            }
        }
    }

    /// @return whether it is done
    private boolean attempt(Statement statement, Step step) throws SQLException {
        long began = System.nanoTime();
        try {
            execute(List.of(statement), patience.left());
            return true;
        } catch (SQLException said) {
            if (run.database().ledger().isLost()) {
                throw said;
            }
            patience.waitedSince(began);
            leave(step, said);
            return false;
        }
    }

    /// Says what the lack of a part means.
    private void leave(Step step, SQLException said) {
        var meaning = switch (step.change()) {
            case Change.InstallGuardCore _ -> "no agent gets UPDATE or DELETE: the guard could not be made";
            case Change.UpgradeGuardCore _ ->
                "the guard is not yet as this agentroles has it, and nothing is given that needs it: it could not be"
                        + " changed";
            case Change.AttachGuard(var table, var _) -> unguarded(table.on());
            case Change.Withhold(var grant) ->
                "WRITERS CAN CHANGE %s WITHOUT ANY LIMIT until it has its guard: the right could not be taken away"
                        .formatted(grant.on().display());
            case Change.DetachGuard(var table) ->
                "the guard of %s, which nobody needs any more, could not be taken off"
                        .formatted(table.on().display());
            case Change.RemoveGuardCore _ ->
                "no table needs the guard any more, and not all of the guard could be removed";
            case Change.SetLimits(var limits, var _) -> unlimited(limits);
            case Change.DropLimits(var limits) -> unlimited(limits);
            case Change.PutDoor(var _, var was) ->
                was.isEmpty()
                        ? "no agent can ask for schema changes: what they would ask by could not be made"
                        : "what agents ask for schema changes by stays as it was: it could not be changed";
            case Change.DropDoor _ ->
                "no agent asks for schema changes any more, and what they asked by could not be removed";
            case Change.Give(var grant)
            when grant.on() instanceof Securable.Column column ->
                "columns of %s are not given to %s".formatted(column.owner().display(), grant.grantee());
            default -> throw new IllegalArgumentException(step.change() + " is not left to the next run");
        };
        var why = run.database().failure(said).problems().getFirst();
        run.pieces().add(List.of(new Problem(step.reason().where(), meaning + ": " + why.what(), why.remedy())));
    }

    private static String unlimited(Guard.Limits limits) {
        return "the limits of %s stay as they were".formatted(limits.agent());
    }

    /// Each by itself: a role that grants in another database hold back is an empty shell by now.
    void dropRoles() throws SQLException {
        for (var statement : run.proposal().rendering().statements()) {
            if (does(statement, Change.DropRole.class)) {
                run.pieces().attempt("a role cannot be dropped", () -> drop(statement));
            }
        }
    }

    private Statement drop(Statement statement) throws SQLException {
        var database = run.database();
        var journal = database.ledger().journal();
        journal.append(run.tools().entry("drop", Optional.empty(), "begun", statement.sql()));
        try {
            database.server().execute(List.of(statement), lockTimeout, run::changed);
        } catch (SQLException said) {
            if (database.ledger().isLost()) {
                throw said;
            }
            throw database.failure(said);
        }
        journal.append(run.tools().entry("drop", Optional.empty(), "done", statement.sql()));
        return statement;
    }

    private static boolean does(Statement statement, Class<? extends Change> kind) {
        return statement.steps().stream().map(Step::change).anyMatch(kind::isInstance);
    }
}
