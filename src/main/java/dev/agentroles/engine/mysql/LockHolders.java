package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Said;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.StringJoiner;

/// Who may hold a row or a table that we waited for in vain: the server does not say which of the sessions that
/// are in a transaction it is.
record LockHolders(Connection administrator) {
    /// The same failure with those sessions, and the statements that end them. Without the right to see them
    /// (PROCESS) it stays as it is.
    SQLException named(SQLException failed) throws SQLException {
        boolean named = failed.getCause() instanceof SQLException;
        if (failed.getErrorCode() != ServerErrors.ER_LOCK_WAIT_TIMEOUT || named || administrator.isClosed()) {
            return failed;
        }
        var holders = new StringJoiner(", ", "; in transactions are ", "").setEmptyValue("");
        try (var statement = administrator.createStatement();
                var row = statement.executeQuery(Sql.resource("transactions.sql"))) {
            while (row.next()) {
                long session = row.getLong("session");
                holders.add("session %d of %s from %s (KILL %d ends it)"
                        .formatted(session, row.getString("login"), row.getString("host"), session));
            }
        } catch (SQLException refused) {
            failed.addSuppressed(refused);
            return failed;
        }
        return new SQLTransientException(
                Said.firstLine(failed) + holders, failed.getSQLState(), failed.getErrorCode(), failed);
    }
}
