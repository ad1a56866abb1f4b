package dev.agentroles.harness;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A database server of one version, shared by all tests of the JVM and started when the first one uses it.
///
/// Databases are for one test each; roles and accounts belong to the whole server, so a test's roles begin with
/// its database's name.
public abstract sealed class TestServer permits PostgreSql, MySql {
    private @Nullable Running running;

    /// Ends it before the JVM does; used again, another one starts.
    public synchronized void stop() {
        var ended = running;
        running = null;
        if (ended != null) {
            ended.stop().run();
        }
    }

    /// Where it comes from.
    abstract ServerSource source();

    /// Where the superuser is when no database is named.
    abstract String anyDatabase();

    Running start() {
        return source().start();
    }

    private synchronized Running running() {
        if (running == null) {
            running = start();
        }
        Ran.on(running.name());
        return running;
    }

    /// The running test makes use of it.
    final void use() {
        running();
    }

    /// The JDBC URL of one of the server's databases, without credentials.
    public String url(String database) {
        return running().url(database);
    }

    /// The superuser, in no database of a test. The caller closes the connection.
    public Connection superuser() throws SQLException {
        return superuser(anyDatabase());
    }

    public Connection superuser(String database) throws SQLException {
        return connect(database, superuserLogin());
    }

    /// What the superuser does in one session, at whose end nothing of it is left in the session.
    ///
    /// @param statements that will be run
    <T> T asSuperuser(String database, Work<T> work, String... statements) throws SQLException {
        try (var session = superuser(database)) {
            return work.in(session);
        }
    }

    /// Runs statements as the superuser.
    final void execute(String database, String... statements) throws SQLException {
        this.<Boolean>asSuperuser(
                database,
                session -> {
                    TestDatabase.execute(session, statements);
                    return true;
                },
                statements);
    }

    @FunctionalInterface
    interface Work<T> {
        T in(Connection session) throws SQLException;
    }

    public Login superuserLogin() {
        return running().superuser();
    }

    public Connection connect(String database, Login login) throws SQLException {
        return DriverManager.getConnection(url(database), login.username(), login.clear());
    }

    /// All that the server has logged so far; it logs every statement. Bytes of whatever character set, read as
    /// ISO 8859-1.
    public String log() {
        return running().log().get();
    }

    /// For messages and test names; does not start the server.
    @Override
    public abstract String toString();
}
