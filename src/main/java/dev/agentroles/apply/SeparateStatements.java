package dev.agentroles.apply;

import dev.agentroles.access.Securable;
import dev.agentroles.engine.Statement;
import dev.agentroles.plan.Change;
import dev.agentroles.plan.Step;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/// Statements each of which stays done by itself. A part of the guard that cannot be changed, as somebody
/// uses its table, is left to the next run with all that needs it, and so is what agents ask for schema changes by,
/// and so are columns of a table that somebody holds; everything else is done.
final class SeparateStatements {
    private final Run run;
    private final Duration lockTimeout;
    private final BiConsumer<Step, SQLException> leaving;
    private final Set<Step> left = new HashSet<>();

    /// @param leaving told of each step that is left, and why
    SeparateStatements(Run run, Duration lockTimeout, BiConsumer<Step, SQLException> leaving) {
        this.run = run;
        this.lockTimeout = lockTimeout;
        this.leaving = leaving;
    }

    void execute(List<Statement> statements, StatementJournal.Progress progress) throws SQLException {
        int to;
        for (int from = 0; from < statements.size(); from = to) {
            boolean leave = isLeft(statements.get(from));
            var whole = whole(statements.get(from));
            to = from + 1;
            while (to < statements.size()
                    && isLeft(statements.get(to)) == leave
                    && whole(statements.get(to)).equals(whole)) {
                to++;
            }
            var part = statements.subList(from, to);
            if (leave) {
                part.forEach(statement -> leave(statement, progress));
            } else {
                run(part, progress);
            }
        }
    }

    private boolean isLeft(Statement statement) {
        return statement.steps().stream().anyMatch(left::contains)
                || statement.after().stream().anyMatch(left::contains);
    }

    private void leave(Statement statement, StatementJournal.Progress progress) {
        left.addAll(statement.steps());
        progress.left();
    }

    /// The part of the guard, or the door, that a statement belongs to; all of that stands or falls together.
    private static Optional<Step> whole(Statement statement) {
        return statement.steps().stream()
                .filter(step -> step.change() instanceof Change.OfGuard || step.change() instanceof Change.OfDoor)
                .findFirst();
    }

    /// A table that somebody holds keeps columns of it from being given, not the table itself.
    private static Optional<Step> columns(Statement statement, SQLException said) {
        return statement.steps().stream()
                .filter(step -> said instanceof SQLTransientException
                        && step.change() instanceof Change.Give(var grant)
                        && grant.on() instanceof Securable.Column)
                .findFirst();
    }

    private void run(List<Statement> part, StatementJournal.Progress progress) throws SQLException {
        var ran = new AtomicInteger();
        try {
            run.database().server().execute(part, lockTimeout, () -> {
                run.changed();
                ran.incrementAndGet();
                progress.done();
            });
        } catch (SQLException said) {
            var failed = part.get(ran.get());
            var step = whole(failed).or(() -> columns(failed, said));
            if (step.isEmpty() || run.database().ledger().isLost()) {
                throw said;
            }
            progress.failed();
            left.addAll(failed.steps());
            leaving.accept(step.get(), said);
            execute(part.subList(ran.get() + 1, part.size()), progress);
        }
    }
}
