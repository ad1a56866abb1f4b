package dev.agentroles.ledger;

import java.sql.Connection;
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
