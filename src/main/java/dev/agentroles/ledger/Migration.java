package dev.agentroles.ledger;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Flyway, inside a session that is already open, and silent: what went wrong comes as an exception.
final class Migration {
    private static final String SCHEMA = "agentroles";

    /// Held, because the platform forgets a logger's level with the last reference to it.
    private static final Logger LOG = Logger.getLogger("org.flywaydb");

    private Migration() {}

    /// @param transactional whether a migration that fails leaves nothing behind; otherwise each is one
    /// statement that may be run again, and what failed is tried anew
    static void run(Connection connection, String migrations, int from, boolean transactional) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        LOG.setLevel(Level.OFF);
        try {
            var flyway = Flyway.configure(Migration.class.getClassLoader())
                    .dataSource(new BorrowedDataSource(connection))
                    .locations(migrations)
                    .schemas(SCHEMA)
                    .defaultSchema(SCHEMA)
                    .createSchemas(true)
                    .table("schema_history")
                    .placeholderReplacement(false)
                    .load();
            if (!transactional) {
                flyway.repair();
            }
            flyway.migrate();
        } catch (FlywayException failed) {
            throw new Failure(
                    Exit.ERROR,
                    Problem.of("the ledger could not be brought from version " + from + " to version " + Ledger.VERSION
                                    + ": " + rootOf(failed))
                            .remedy((transactional ? "nothing was changed; " : "")
                                    + "mend the cause and run the command again"),
                    failed);
        } finally {
            connection.setAutoCommit(autoCommit);
        }
    }

    /// What the server said, without Flyway's wrapping of several lines; its first line where it was not
    /// the server.
    private static String rootOf(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getMessage() != null) {
                return sql.getMessage();
            }
        }
        return String.valueOf(failed.getMessage()).lines().findFirst().orElse("no message");
    }
}
