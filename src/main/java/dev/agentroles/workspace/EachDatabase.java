package dev.agentroles.workspace;

import dev.agentroles.engine.Threads;
import dev.agentroles.ledger.LedgerState;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.problem.Shell;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/// Does the same on every database of a profile, at the same time: one that is slow, down or not what the
/// profile means hinders no other.
///
/// @param patience how long a server may take for one answer
public record EachDatabase(Workspace workspace, Duration patience) {
    /// Between two attempts to get in.
    private static final Duration MOMENT = Duration.ofMillis(50);

    /// What is done. The session is for one thread.
    @FunctionalInterface
    public interface Task<R> {
        R on(OpenedDatabase database) throws SQLException;
    }

    /// What an open database must be.
    @FunctionalInterface
    private interface Check {
        void on(OpenedDatabase database) throws SQLException;
    }

    /// On every database, which must have a ledger. Results are in the order of the profile.
    public <R> List<Result<R>> run(Task<R> task) {
        return run(task, this::mustHaveLedger);
    }

    /// As [#run], on one database after the other, for what is written while it is read.
    public <R> List<Result<R>> runInTurn(Task<R> task) {
        return workspace.databases().stream()
                .map(entry -> on(entry, this::open, task))
                .toList();
    }

    /// As [#run], where there may be nothing to do: of a database to which nothing was applied yet there is no report.
    public <R> List<Result<Optional<R>>> runWhereApplied(Task<R> task) {
        return run(whereApplied(task), OpenedDatabase::mustHaveLedgerOrNoLogins);
    }

    /// As [#runWhereApplied], for who cannot come later: a server that is full of sessions or about to start is asked
    /// again until [#patience] is over, as it may let somebody in at any moment.
    ///
    /// @param waiting told once of each database that is waited for
    public <R> List<Result<Optional<R>>> insistWhereApplied(Task<R> task, Consumer<String> waiting) {
        return onEach(
                entry -> open(insist(entry, waiting), OpenedDatabase::mustHaveLedgerOrNoLogins), whereApplied(task));
    }

    private static <R> Task<Optional<R>> whereApplied(Task<R> task) {
        return database ->
                database.look() instanceof LedgerState.Present ? Optional.of(task.on(database)) : Optional.empty();
    }

    /// On every database, also where nothing was applied yet, unless it is another's.
    public <R> List<Result<R>> look(Task<R> task) {
        return run(task, OpenedDatabase::mustNotBeStrange);
    }

    private <R> List<Result<R>> run(Task<R> task, Check check) {
        return onEach(entry -> open(workspace.open(entry), check), task);
    }

    private <R> List<Result<R>> onEach(Function<Profile.DatabaseEntry, OpenedDatabase> opening, Task<R> task) {
        var work = workspace.databases().stream()
                .map(entry -> (Callable<Result<R>>) () -> on(entry, opening, task))
                .toList();
        try (var threads = Executors.newThreadPerTaskExecutor(Threads.DAEMONS)) {
            return threads.invokeAll(work).stream().map(EachDatabase::ended).toList();
        } catch (InterruptedException stopped) {
            throw Failure.interrupted();
        }
    }

    private static <R> R ended(Future<R> task) {
        if (task.state() == Future.State.FAILED) {
            throw new IllegalStateException("a task of agentroles ended in an error of its own", task.exceptionNow());
        }
        return task.resultNow();
    }

    private static <R> Result<R> on(
            Profile.DatabaseEntry entry, Function<Profile.DatabaseEntry, OpenedDatabase> opening, Task<R> task) {
        try (var database = opening.apply(entry)) {
            try {
                return new Result.Done<>(entry.name(), task.on(database));
            } catch (SQLException said) {
                return new Result.Failed<>(entry.name(), database.failure(said));
            }
        } catch (RuntimeException failed) {
            return new Result.Failed<>(entry.name(), Failure.unexpected("database " + entry.name(), failed));
        }
    }

    /// A session of its own, checked.
    ///
    /// @throws Failure if nothing was ever applied there
    public OpenedDatabase open(Profile.DatabaseEntry entry) {
        return open(workspace.open(entry), this::mustHaveLedger);
    }

    private OpenedDatabase insist(Profile.DatabaseEntry entry, Consumer<String> waiting) {
        long end = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            try {
                return workspace.open(entry);
            } catch (Failure failure) {
                if (!isForNow(entry, failure) || System.nanoTime() > end) {
                    throw failure;
                }
                if (!told) {
                    told = true;
                    waiting.accept("database " + entry.name() + " lets nobody in yet; asking again for up to "
                            + patience.toSeconds() + "s: " + failure.problems().getFirst());
                }
            }
            try {
                Thread.sleep(MOMENT);
            } catch (InterruptedException stopped) {
                throw Failure.interrupted();
            }
        }
    }

    private boolean isForNow(Profile.DatabaseEntry entry, Failure failure) {
        return failure.getCause() instanceof SQLException said
                && workspace.engine(entry).refusesForNow(said);
    }

    private OpenedDatabase open(OpenedDatabase database, Check check) {
        try {
            database.server().giveUpAfter(patience);
            check.on(database);
            return database;
        } catch (SQLException said) {
            var failure = database.failure(said);
            database.close();
            throw failure;
        } catch (RuntimeException refused) {
            database.close();
            throw refused;
        }
    }

    private void mustHaveLedger(OpenedDatabase database) throws SQLException {
        if (!(database.look() instanceof LedgerState.Present)) {
            database.mustNotBeStrange();
            throw Failure.error(Problem.of(
                            "database " + database.entry().name() + " has no ledger: nothing was applied there yet")
                    .remedy("agentroles apply " + Shell.word(workspace.profile().source())));
        }
    }
}
