package dev.agentroles.engine;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A session of the login that owns a schema: it tries one statement, or runs it. Not for several threads.
public interface SchemaSession extends AutoCloseable {
    ServerIdentity identity();

    /// What power the login has that the owner of a schema has no use for, a clause: `is a superuser`; empty: none
    /// is seen.
    Optional<String> excess() throws SQLException;

    /// How long a statement may wait, and take.
    ///
    /// @param lock for whoever uses what it changes; others wait behind it meanwhile
    /// @param statement altogether
    record Bounds(Duration lock, Duration statement) {}

    /// What a trial showed.
    ///
    /// @param effects what is another afterwards, a line each: `+ column app.orders.note text`,
    /// `- index app.orders_by_day`, `~ column app.orders.total integer -> bigint`
    /// @param notes what the trial could not show, a clause each
    /// @param refused what the server said, where it refused the statement
    /// @param took the statement alone
    record Trial(List<String> effects, List<String> notes, Optional<SQLException> refused, Duration took) {
        public Trial {
            effects = List.copyOf(effects);
            notes = List.copyOf(notes);
        }
    }

    /// Tries a statement and leaves nothing behind.
    ///
    /// @param form of that statement; what is unfit is not tried
    /// @throws SQLException where the trial itself failed, and says nothing of the statement: others held what it
    /// needed ([#mayWorkLater]), or the session was lost
    /// @throws dev.agentroles.problem.Failure where the login lacks a right that trials take, with the GRANT
    Trial rehearse(String statement, StatementForm form, Bounds bounds) throws SQLException;

    /// Told, before anything is done, by what the server tells afterwards whether it was, or whether it goes on.
    @FunctionalInterface
    interface HandleKeeper {
        void keep(String handle) throws SQLException;
    }

    /// Runs a statement: all of it or nothing, where the server has transactions for that.
    ///
    /// @param form of that statement; what is unfit is not run
    void run(String statement, StatementForm form, Bounds bounds, HandleKeeper keeper) throws SQLException;

    /// Whether the server itself refused a run, so that the session knows its end; otherwise an answer was lost.
    boolean refused(SQLException said);

    /// Whether what the server said of the last trial or run means that nothing was done, and that the same may work
    /// later: others held what it needed.
    boolean mayWorkLater(SQLException said);

    @Override
    void close() throws SQLException;

    /// What became of a run that nobody saw the end of.
    enum Fate {
        DONE,
        /// Nothing of it was done.
        UNDONE,
        /// It goes on.
        RUNNING,
        /// The server cannot tell.
        UNKNOWN
    }
}
