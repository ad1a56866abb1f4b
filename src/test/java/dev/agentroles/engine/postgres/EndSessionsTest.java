package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.RoleName;
import dev.agentroles.harness.Database;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.PostgreSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/// Ending sessions of a login that the administrator has made.
final class EndSessionsTest {
    private static final int SESSIONS = 20;
    private static final int ROUNDS = 10;

    @AutoClose
    private final Database database = PostgreSql.newest().createDatabase();

    private final Login administrator = database.administratorWithGrantOptions();
    private final Login agent = new Login(database.role("agent"), administrator.password());

    EndSessionsTest() throws SQLException {
        try (var session = database.connect(administrator);
                var statement = session.createStatement()) {
            statement.execute("CREATE ROLE " + agent.username() + " LOGIN");
            session.unwrap(PGConnection.class)
                    .alterUserPassword(agent.username(), agent.clear().toCharArray(), "scram-sha-256");
        }
    }

    /// The server answers for a session that is gone already as for one that does not end.
    @Test
    void sessionsThatEndByThemselvesMeanwhileHaveEnded() throws Exception {
        try (var server = new PostgresEngine().connect(database.target(administrator));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                var sessions = new ArrayList<Connection>();
                for (int i = 0; i < SESSIONS; i++) {
                    sessions.add(database.connect(agent));
                }
                sessions.forEach(session -> threads.execute(() -> close(session)));

                var login = new RoleName(agent.username());
                server.endSessions(List.of(login), Instant.now().plus(Duration.ofDays(1)));

                assertThat(server.sessions(List.of(login))).isEmpty();
            }
        }
    }

    private static void close(Connection session) {
        try {
            session.close();
        } catch (SQLException alreadyEnded) {
            // By the other side, which is meant.
            return;
        }
    }
}
