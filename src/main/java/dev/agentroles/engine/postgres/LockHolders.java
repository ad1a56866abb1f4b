package dev.agentroles.engine.postgres;

import dev.agentroles.engine.Said;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.StringJoiner;

/// Who holds a login or the ledger, so that we waited in vain: the server says only that somebody does.
record LockHolders(Connection administrator) {
    private static final int NAMED = 5;

    /// Whether a statement gave up waiting for a lock.
    static boolean isHeld(SQLException failed) {
        return SqlStates.LOCK_NOT_AVAILABLE.equals(failed.getSQLState());
    }

    /// The same failure with whoever is still in the way and the statements that end them.
    SQLException named(SQLException failed) throws SQLException {
        boolean named = failed.getCause() instanceof SQLException;
        if (!isHeld(failed) || named || administrator.isClosed()) {
            return failed;
        }
        var holders = holders();
        return holders.isEmpty()
                ? failed
                : new SQLException(Said.firstLine(failed) + ", held by " + holders, failed.getSQLState(), failed);
    }

    private String holders() throws SQLException {
        var holders = new StringJoiner(", ");
        try (var statement = administrator.createStatement()) {
            statement.setMaxRows(NAMED);
            try (var row = statement.executeQuery(Sql.resource("lock-holders.sql"))) {
                while (row.next()) {
                    holders.add(row.getString("holder") + " (" + row.getString("ending") + " ends it)");
                }
            }
        }
        return holders.toString();
    }
}
