package dev.agentroles.ledger;

import dev.agentroles.engine.Said;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.problem.Exit;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
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

    /// @param answers by which it is known whether a migration that fails leaves nothing behind; otherwise each is
    /// one statement that may be run again, and what failed is tried anew
    static void run(Connection connection, String migrations, int from, Answers answers) throws SQLException {
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
            if (!answers.transactional()) {
                flyway.repair();
            }
            flyway.migrate();
        } catch (FlywayException failed) {
            throw failure(failed, said(failed), from, answers);
        } finally {
            connection.setAutoCommit(autoCommit);
        }
    }

    /// Where a migration that fails leaves nothing behind: tells at once what keeps the first from beginning.
    ///
    /// @param attempt the statement that makes what comes first
    static void rehearse(Connection connection, String attempt, Answers answers) throws SQLException {
        connection.setAutoCommit(false);
        try (var _ = (SqlCloseable) () -> connection.setAutoCommit(true);
                var _ = (SqlCloseable) connection::rollback;
                var statement = connection.createStatement()) {
            statement.execute(attempt);
        } catch (SQLException failed) {
            throw failure(failed, Optional.of(failed), 0, answers);
        }
    }

    private static Failure failure(Exception failed, Optional<SQLException> said, int from, Answers answers) {
        boolean forbidden =
                said.filter(sql -> Answers.isOneOf(answers.forbidden(), sql)).isPresent();
        return new Failure(
                Exit.ERROR,
                Problem.of("the ledger could not be brought from version " + from + " to version " + Ledger.VERSION
                                + ": "
                                + said.map(Said::firstLine)
                                        .orElseGet(() -> String.valueOf(failed.getMessage())
                                                .lines()
                                                .findFirst()
                                                .orElse("no message")))
                        .remedy((answers.transactional() ? "nothing was changed; " : "")
                                + (forbidden
                                        ? "have a database administrator give this login that right"
                                        : "mend the cause")
                                + ", and run the command again"),
                failed);
    }

    /// What the server said first, without Flyway's wrapping of several lines; empty where it was not the server.
    private static Optional<SQLException> said(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getMessage() != null) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }
}
