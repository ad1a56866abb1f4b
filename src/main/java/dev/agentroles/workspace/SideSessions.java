package dev.agentroles.workspace;

import dev.agentroles.engine.Threads;
import dev.agentroles.problem.Failure;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sessions beside the caller's own, on the same database, for tasks that may be done in any order. What they are
/// too busy for, or cannot do because they were lost or the server is full, the caller does on its own session, so
/// that all is done where no second session is to be had.
///
/// For one thread, which is the caller.
///
/// @param <T> what a task is done with, made once on each session
public final class SideSessions<T> implements AutoCloseable {
    private final OpenedDatabase own;
    private final T ownTools;
    private final Supplier<OpenedDatabase> opening;
    private final Tooling<T> tooling;
    private final Consumer<String> notices;
    private final int most;
    private final BlockingQueue<Work<T, ?>> waiting;
    private final Work<T, ?> end = new Work<>(_ -> Boolean.TRUE, new CompletableFuture<>());
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(Threads.DAEMONS);
    private int begun;

    /// Makes what tasks are done with.
    @FunctionalInterface
    public interface Tooling<T> {
        T on(OpenedDatabase session) throws SQLException;
    }

    /// What is to be done: once, or again on the caller's session after it failed on another.
    @FunctionalInterface
    public interface Task<T, R> {
        R with(T tools) throws SQLException;
    }

    /// A task that somebody has begun with, or will.
    @FunctionalInterface
    public interface Begun<R> {
        /// @return what the task returned, when it is done
        R result() throws SQLException;
    }

    /// @param rest what is left for the caller to do, as soon as a session is through with it: to return the result or
    /// throw what was thrown, or the task itself
    private record Work<T, R>(Task<T, R> task, CompletableFuture<Task<T, R>> rest) {
        void onOwn(T tools) {
            run(tools, failed -> _ -> {
                throw failed;
            });
        }

        /// @return why it is left to the caller
        Optional<SQLException> onOther(T tools) {
            return run(tools, _ -> task);
        }

        private Optional<SQLException> run(T tools, Function<SQLException, Task<T, R>> left) {
            try {
                var result = task.with(tools);
                rest.complete(_ -> result);
            } catch (SQLException failed) {
                rest.complete(left.apply(failed));
                return Optional.of(failed);
            } catch (RuntimeException | Error failed) {
                rest.complete(_ -> {
                    throw failed;
                });
            }
            return Optional.empty();
        }
    }

    /// @param own the caller's
    /// @param opening of the others, by their own threads
    /// @param most how many others; none is opened before there is a task
    /// @param notices takes what a person should know, by any thread
    public SideSessions(
            OpenedDatabase own,
            Supplier<OpenedDatabase> opening,
            Tooling<T> tooling,
            int most,
            Consumer<String> notices)
            throws SQLException {
        this.own = own;
        this.ownTools = tooling.on(own);
        this.opening = opening;
        this.tooling = tooling;
        this.most = most;
        this.notices = notices;
        this.waiting = new ArrayBlockingQueue<>(Math.max(1, most));
    }

    /// Begins a task, or does it right now where as many wait already as there are other sessions.
    public <R> Begun<R> begin(Task<T, R> task) {
        var work = new Work<>(task, new CompletableFuture<Task<T, R>>());
        if (begun < most) {
            begun++;
            threads.execute(this::help);
        }
        if (begun == 0 || !waiting.offer(work)) {
            work.onOwn(ownTools);
        }
        var rest = work.rest();
        return () -> {
            helpUntil(rest);
            return rest.join().with(ownTools);
        };
    }

    private void helpUntil(CompletableFuture<?> done) {
        while (!done.isDone()) {
            var next = waiting.poll();
            if (next == null) {
                return;
            }
            next.onOwn(ownTools);
        }
    }

    private void help() {
        try (var session = opening.get()) {
            var tools = tooling.on(session);
            for (var work = waiting.take(); !work.equals(end); work = waiting.take()) {
                var failed = work.onOther(tools);
                if (failed.isPresent() && isInTheWay(session, failed.get())) {
                    throw failed.get();
                }
            }
        } catch (SQLException said) {
            notices.accept(oneLess(said.getMessage()));
        } catch (RuntimeException refused) {
            notices.accept(oneLess(Failure.unexpected("opening it", refused).getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// On a server that is full each session less is one that the tasks themselves may need.
    private boolean isInTheWay(OpenedDatabase session, SQLException said) throws SQLException {
        return own.engine().refusesForNow(said) || session.server().connection().isClosed();
    }

    private String oneLess(@Nullable String why) {
        return "one session less on " + own.entry().name() + ": " + why;
    }

    /// Waits for those that are at a task. What nobody has begun with is not done any more.
    @Override
    public void close() {
        waiting.clear();
        for (int i = 0; i < begun; i++) {
            waiting.add(end);
        }
        threads.close();
    }
}
