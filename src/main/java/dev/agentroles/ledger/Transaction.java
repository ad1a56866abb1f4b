package dev.agentroles.ledger;

import dev.agentroles.problem.Failure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// One transaction on a session that is otherwise in auto-commit mode. Closing it without a commit rolls back.
final class Transaction implements AutoCloseable {
    private final Connection connection;
    private boolean committed;

    private Transaction(Connection connection) {
        this.connection = connection;
    }

    static Transaction begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        return new Transaction(connection);
    }

    /// The text of a whole transaction.
    static String of(String... statements) {
        return "START TRANSACTION;\n" + String.join(";\n", statements) + ";\nCOMMIT";
    }

    /// Runs a whole transaction in one round trip, on a session in auto-commit mode: locks are held no longer
    /// than that.
    ///
    /// @param whole of a text that [#of] made
    /// @throws Failure if it was to write to a journal whose head is gone
    static void run(PreparedStatement whole) throws SQLException {
        try {
            whole.execute();
        } catch (SQLException failed) {
            try (var statement = whole.getConnection().createStatement()) {
                statement.execute("ROLLBACK");
            } catch (SQLException lost) {
                failed.addSuppressed(lost);
            }
            Journal.mustHaveItsHead(whole.getConnection(), failed);
            throw failed;
        }
    }

    void commit() throws SQLException {
        connection.commit();
        committed = true;
    }

    @Override
    public void close() throws SQLException {
        if (!committed) {
            connection.rollback();
        }
        connection.setAutoCommit(true);
    }
}
