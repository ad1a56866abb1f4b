package dev.agentroles.ledger;

import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogFactory;

/// Flyway, inside a session that is already open, and silent: what went wrong comes as an exception.
final class Migration {
    private static final String SCHEMA = "agentroles";

    private Migration() {}

    static void run(Connection connection, String migrations, int from) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        LogFactory.setLogCreator(ignored -> new Silence());
        try {
            Flyway.configure(Migration.class.getClassLoader())
                    .dataSource(new BorrowedDataSource(connection))
                    .locations(migrations)
                    .schemas(SCHEMA)
                    .defaultSchema(SCHEMA)
                    .createSchemas(true)
                    .table("schema_history")
                    .placeholderReplacement(false)
                    .load()
                    .migrate();
        } catch (FlywayException failed) {
            throw new Failure(
                    Exit.ERROR,
                    Problem.of("the ledger could not be brought from version " + from + " to version " + Ledger.VERSION
                                    + ": " + rootOf(failed))
                            .remedy("nothing was changed; mend the cause and run the command again"),
                    failed);
        } finally {
            connection.setAutoCommit(autoCommit);
        }
    }

    /// What the server said, without Flyway's wrapping of several lines; its first line where it was not the server.
    private static String rootOf(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getMessage() != null) {
                return sql.getMessage();
            }
        }
        return String.valueOf(failed.getMessage()).lines().findFirst().orElse("no message");
    }

    private record Silence() implements Log {
        @Override
        public void debug(String message) {}

        @Override
        public void info(String message) {}

        @Override
        public void warn(String message) {}

        @Override
        public void error(String message) {}

        @Override
        public void error(String message, Exception cause) {}

        @Override
        public void notice(String message) {}
    }
}
