package dev.agentroles.engine.mysql;

import dev.agentroles.engine.SchemaSession.Bounds;
import dev.agentroles.engine.Target;
import dev.agentroles.engine.Threads;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A session in which the server takes one statement at a time, and no longer for it than it may. MySQL bounds only
/// reading by itself (`max_execution_time`), so another session ends what takes longer.
final class Worker implements AutoCloseable {
    /// How much longer we wait for the answer to a statement that is being ended: taking back what it did takes time.
    private static final Duration GRACE = Duration.ofMinutes(2);

    private final Connection connection;
    private final Connection watch;
    private final Bounds bounds;
    private final long number;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Threads.DAEMONS);

    private Worker(Connection connection, Connection watch, Bounds bounds, long number) {
        this.connection = connection;
        this.watch = watch;
        this.bounds = bounds;
        this.number = number;
    }

    /// @param watch another session of the same account
    static Worker begin(Target owner, Dialect dialect, Connection watch, Bounds bounds) throws SQLException {
        var connection = Session.openForOne(owner, dialect, bounds.statement().plus(GRACE));
        try (var statement = connection.createStatement()) {
            long seconds = Math.max(1, bounds.lock().toSeconds());
            statement.execute("SET lock_wait_timeout = " + seconds + ", innodb_lock_wait_timeout = " + seconds);
            try (var row = statement.executeQuery("SELECT CONNECTION_ID()")) {
                row.next();
                return new Worker(connection, watch, bounds, row.getLong(1));
            }
        } catch (SQLException | RuntimeException broken) {
            connection.close();
            throw broken;
        }
    }

    Connection connection() {
        return connection;
    }

    /// Its number at the server.
    String session() {
        return Long.toString(number);
    }

    void run(String sql) throws SQLException {
        var end = clock.schedule(this::end, bounds.statement().toMillis(), TimeUnit.MILLISECONDS);
        try (var statement = connection.createStatement()) {
            // A brace in SQL is no escape of JDBC's.
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } finally {
            end.cancel(false);
        }
    }

    /// What it is at takes too long.
    private @Nullable Void end() throws SQLException {
        try (var statement = watch.createStatement()) {
            statement.execute("KILL QUERY " + number);
        }
        return null;
    }

    @Override
    public void close() throws SQLException {
        clock.shutdownNow();
        connection.close();
    }
}
