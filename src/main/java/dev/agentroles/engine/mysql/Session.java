package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Target;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/// Sessions of ours: each begins the same, whatever the server, the account or its configuration would set.
final class Session {
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);
    private static final Duration ANSWER_PATIENCE = Duration.ofMinutes(10);

    static final String SQL_MODE = "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION";

    /// How long a session of ours waits for a row, in seconds.
    static final int ROW_WAIT = 3;

    /// No ANSI_QUOTES, no NO_BACKSLASH_ESCAPES: what we quote is read as we mean it. Errors are errors.
    /// Lists of privileges come whole: the server cuts what GROUP_CONCAT gathers at 1,024 characters if
    /// nobody says more. We hold rows for milliseconds; an agent's open transaction holds its row of the
    /// guard for as long as it likes. A table of ours that says nothing else is InnoDB's. The rest is what
    /// a database administrator may set for everybody against mistakes at a prompt, and what would change
    /// how our statements are read or answered. DEFAULT would be what is set for everybody.
    private static final String SETTINGS = "SET sql_mode = '" + SQL_MODE
            + "', time_zone = '+00:00', group_concat_max_len = 1048576, default_storage_engine = InnoDB, innodb_lock_wait_timeout = "
            + ROW_WAIT
            + ", autocommit = 1, completion_type = 0, sql_safe_updates = 0, sql_select_limit = 18446744073709551615,"
            + " sql_big_selects = 1, sql_auto_is_null = 0, sql_quote_show_create = 1";

    private static final String WRITES = "SET SESSION TRANSACTION READ WRITE";

    private Session() {}

    static Connection open(Target target, Dialect dialect) throws SQLException {
        return open(target, dialect, ANSWER_PATIENCE);
    }

    /// @param silence how long the server may say nothing
    static Connection open(Target target, Dialect dialect, Duration silence) throws SQLException {
        return begun(connect(target, dialect, properties(target, dialect, silence)), SETTINGS + "; " + WRITES);
    }

    /// A session in which the server refuses a text that is several statements.
    ///
    /// @param silence how long the server may say nothing
    static Connection openForOne(Target target, Dialect dialect, Duration silence) throws SQLException {
        var properties = properties(target, dialect, silence);
        properties.setProperty("allowMultiQueries", "false");
        return begun(connect(target, dialect, properties), SETTINGS, WRITES);
    }

    private static Connection begun(Connection connection, String... begin) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var sql : begin) {
                statement.execute(sql);
            }
            // What another session has just committed is seen, and no gaps between rows are locked.
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            return connection;
        } catch (SQLException | RuntimeException broken) {
            connection.close();
            throw broken;
        }
    }

    private static Connection connect(Target target, Dialect dialect, Properties properties) throws SQLException {
        try {
            var connection = DriverManager.getConnection(dialect.driverUrl(target.url()), properties);
            try {
                dialect.enter(connection, MySqlUrl.database(target.url()));
                return connection;
            } catch (SQLException | RuntimeException refused) {
                connection.close();
                throw refused;
            }
        } catch (SQLException refused) {
            throw new NotOpened(refused);
        }
    }

    /// The login was refused, or the server not reached.
    static final class NotOpened extends SQLException {
        private static final long serialVersionUID = 1L;

        private NotOpened(SQLException said) {
            super(said.getMessage(), said.getSQLState(), said.getErrorCode(), said);
        }
    }

    /// The drivers share these names. What the URL says itself stands: [MySqlUrl] lets only that pass which
    /// decides how the server is verified.
    private static Properties properties(Target target, Dialect dialect, Duration silence) {
        var properties = new Properties();
        properties.setProperty("user", target.username());
        target.password().reveal(password -> properties.setProperty("password", password));
        properties.setProperty("connectTimeout", Long.toString(CONNECT_PATIENCE.toMillis()));
        properties.setProperty("socketTimeout", Long.toString(silence.toMillis()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("allowMultiQueries", "true");
        properties.setProperty("useAffectedRows", "true");
        dialect.settings(MySqlUrl.onThisMachine(target.url())).forEach(properties::setProperty);
        return properties;
    }
}
