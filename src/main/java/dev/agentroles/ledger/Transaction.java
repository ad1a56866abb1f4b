package dev.agentroles.ledger;

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

    /// Runs all of its statements, and the commit in the same round trip: locks are held no longer than that.
    ///
    /// @param prepared of a text that [#committing] made
    void run(PreparedStatement prepared) throws SQLException {
        prepared.execute();
        committed = true;
    }

    /// The text of a whole transaction.
    static String committing(String... statements) {
        return String.join(";\n", statements) + ";\nCOMMIT";
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
