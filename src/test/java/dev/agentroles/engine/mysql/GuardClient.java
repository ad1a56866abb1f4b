package dev.agentroles.engine.mysql;

import com.mysql.cj.jdbc.JdbcStatement;
import dev.agentroles.harness.Login;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// A session of the agent through Connector/J: both protocols, every byte.
final class GuardClient implements AutoCloseable {
    private static final Map<String, String> CHARSETS =
            Map.of("utf8mb4", "UTF-8", "latin1", "ISO-8859-1", "gbk", "GBK", "big5", "Big5", "sjis", "SJIS");

    /// @param error empty if nothing was refused
    /// @param rows of the last result set
    /// @param affected by the last statement that has none
    record Answer(Optional<SQLException> error, int rows, long affected) {}

    private final Connection connection;

    GuardClient(String url, Login login, String charset) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", login.username());
        properties.setProperty("password", login.clear());
        properties.setProperty("allowMultiQueries", "true");
        properties.setProperty("useServerPrepStmts", "true");
        properties.setProperty("allowLoadLocalInfile", "true");
        properties.setProperty("characterEncoding", CHARSETS.getOrDefault(charset, charset));
        this.connection = DriverManager.getConnection(url, properties);
    }

    Answer send(GuardCase.Step step) throws SQLException {
        if (step.kind() == GuardCase.Kind.BINARY) {
            return binary(step);
        }
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            if (!step.data().isEmpty()) {
                statement
                        .unwrap(JdbcStatement.class)
                        .setLocalInfileInputStream(
                                new ByteArrayInputStream(step.data().getBytes(StandardCharsets.UTF_8)));
            }
            return drain(statement, statement.execute(step.text()));
        } catch (SQLException refused) {
            return new Answer(Optional.of(refused), 0, 0);
        }
    }

    private Answer binary(GuardCase.Step step) {
        try (PreparedStatement statement = connection.prepareStatement(step.text())) {
            for (int place = 0; place < step.parameters().size(); place++) {
                statement.setObject(place + 1, step.parameters().get(place));
            }
            return drain(statement, statement.execute());
        } catch (SQLException refused) {
            return new Answer(Optional.of(refused), 0, 0);
        }
    }

    /// Reads all results: of several statements in a packet a later one may be refused.
    private static Answer drain(Statement statement, boolean first) throws SQLException {
        int rows = 0;
        long affected = 0;
        boolean set = first;
        while (true) {
            if (set) {
                rows = 0;
                try (var result = statement.getResultSet()) {
                    while (result.next()) {
                        rows++;
                    }
                }
            } else {
                long count = statement.getLargeUpdateCount();
                if (count < 0) {
                    return new Answer(Optional.empty(), rows, affected);
                }
                affected = count;
            }
            set = statement.getMoreResults();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
