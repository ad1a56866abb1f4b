package dev.agentroles.engine.postgres;

import dev.agentroles.engine.Target;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.PGProperty;

/// Opens sessions. The driver's exceptions name user, server and what the server said, never the password.
final class PostgresSession {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private PostgresSession() {}

    /// A session with bounds on how long logging in may take, and none on its statements. What the URL says about
    /// timeouts wins.
    static Connection open(Target target) throws SQLException {
        return open(target, Duration.ZERO);
    }

    /// @param silence how long the server may take for one answer; zero means as long as it likes
    static Connection open(Target target, Duration silence) throws SQLException {
        var properties = new Properties();
        PGProperty.USER.set(properties, target.username());
        PGProperty.APPLICATION_NAME.set(properties, "agentroles");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
        PGProperty.CONNECT_TIMEOUT.set(properties, Math.toIntExact(PATIENCE.toSeconds()));
        PGProperty.LOGIN_TIMEOUT.set(properties, Math.toIntExact(PATIENCE.toSeconds()));
        PGProperty.SOCKET_TIMEOUT.set(properties, Math.toIntExact(silence.toSeconds()));
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.PASSWORD.set(properties, target.password().reveal(password -> password));
        return DriverManager.getConnection(target.url(), properties);
    }
}
