package dev.agentroles.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.engine.Server;
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
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/// Ending sessions of a login that the administrator has made.
final class EndSessionsTest {
    private static final int SESSIONS = 20;
    private static final int ROUNDS = 10;
    private static final int MEETINGS = 40;

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
                server.logins().endSessions(List.of(login), Instant.now().plus(Duration.ofDays(1)));

                assertThat(server.logins().sessions(List.of(login))).isEmpty();
            }
        }
    }

    @Test
    void aLoginThatComesBackAtOnceIsReleasedAllTheSame() throws Exception {
        var over = new AtomicBoolean();
        try (var server = new PostgresEngine().connect(database.target(administrator));
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                var first = database.connect(agent)) {
            for (int i = 0; i < 3; i++) {
                threads.execute(() -> {
                    while (!over.get()) {
                        try (var session = database.connect(agent)) {
                            session.createStatement().execute("SELECT pg_sleep(2)");
                        } catch (SQLException ended) {
                            Thread.onSpinWait();
                        }
                    }
                });
            }
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    server.logins().release(new RoleName(agent.username()));
                }
                assertThat(first.isValid(5)).isFalse();
            } finally {
                over.set(true);
                server.logins().release(new RoleName(agent.username()));
            }
        }
    }

    @Test
    void aLoginOfSomebodyElseKeepsNoOtherFromBeingEnded() throws Exception {
        var alien = database.login("alien", "SUPERUSER");
        try (var server = new PostgresEngine().connect(database.target(administrator));
                var ours = database.connect(agent);
                var theirs = database.connect(alien)) {
            assertThatThrownBy(() -> server.logins()
                            .endSessions(
                                    List.of(new RoleName(alien.username()), new RoleName(agent.username())),
                                    Instant.now().plus(Duration.ofDays(1))))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo("42501"));

            assertThat(ours.isValid(5)).isFalse();
            assertThat(theirs.isValid(5)).isTrue();
        }
    }

    /// A program whose session was ended ends, and its login is dropped at once by whoever lent it.
    @Test
    void aLoginThatIsDroppedMeanwhileKeepsNoOtherFromBeingEnded() throws Exception {
        try (var server = new PostgresEngine().connect(database.target(administrator));
                var other = new PostgresEngine().connect(database.target(administrator));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < MEETINGS; round++) {
                var passing = lease(server, round);
                try (var session = database.connect(agent);
                        var program = database.connect(new Login(passing.value(), agent.password()))) {
                    var dropped = threads.submit(() -> {
                        other.logins().dropLogin(passing);
                        return true;
                    });

                    server.logins()
                            .endSessions(
                                    List.of(passing, new RoleName(agent.username())),
                                    Instant.now().plus(Duration.ofDays(1)));

                    assertThat(session.isValid(5)).isFalse();
                    assertThat(dropped.get()).isTrue();
                    assertThat(program.isValid(5)).isFalse();
                }
            }
        }
    }

    @Test
    void twoRunsThatDropTheSameLoginBothFindItDropped() throws Exception {
        try (var one = new PostgresEngine().connect(database.target(administrator));
                var other = new PostgresEngine().connect(database.target(administrator));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < MEETINGS; round++) {
                var login = lease(one, round);
                var dropped = threads.submit(() -> {
                    other.logins().dropLogin(login);
                    return true;
                });

                one.logins().dropLogin(login);

                assertThat(dropped.get()).isTrue();
                assertThat(one.logins().working(List.of(login))).isEmpty();
            }
        }
    }

    /// A login with the mark of a lease.
    private RoleName lease(Server server, int number) throws SQLException {
        var id = "1meet%03d".formatted(number);
        var login = Naming.leaseLogin(database.name(), "bot", id);
        var mark = new Mark("production", database.name(), new Mark.Kind.LeaseLogin("bot", id));
        try (var statement = server.connection().createStatement()) {
            statement.execute("CREATE ROLE " + login + " LOGIN");
            statement.execute("COMMENT ON ROLE " + login + " IS '" + mark.text() + "'");
        }
        server.connection()
                .unwrap(PGConnection.class)
                .alterUserPassword(login.value(), agent.clear().toCharArray(), "scram-sha-256");
        return login;
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
