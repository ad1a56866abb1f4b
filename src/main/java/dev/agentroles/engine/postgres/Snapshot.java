package dev.agentroles.engine.postgres;

import dev.agentroles.engine.SqlCloseable;
import java.sql.Connection;
import java.sql.SQLException;

/// What several queries see of the catalogs as of one moment. What functions of the server look up is not: they
/// see what is there when they are called.
final class Snapshot {
    private Snapshot() {}

    /// @return what ends it; a transaction that the caller has begun is used as it is, and stays
    static SqlCloseable of(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            return () -> {};
        }
        run(connection, "START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        return () -> run(connection, "ROLLBACK");
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
