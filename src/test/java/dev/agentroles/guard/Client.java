package dev.agentroles.guard;

import dev.agentroles.harness.Login;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/// A session of the agent, by one of PostgreSQL's two protocols, and what the server refused in it.
final class Client implements AutoCloseable {
    enum Protocol {
        SIMPLE,
        EXTENDED
    }

    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");

    private final String url;
    private final Login login;
    private final Protocol protocol;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final List<String> errors = new ArrayList<>();
    private Connection connection;

    Client(String url, Login login, Protocol protocol) throws SQLException {
        this.url = url;
        this.login = login;
        this.protocol = protocol;
        this.connection = connect(url, login, protocol, "");
    }

    static Connection connect(String url, Login login, Protocol protocol, String options) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", login.username());
        properties.setProperty("password", login.clear());
        properties.setProperty("preferQueryMode", protocol.name().toLowerCase(Locale.ROOT));
        // What is run once is unnamed, as other drivers send it.
        properties.setProperty("prepareThreshold", "0");
        // One case changes client_encoding, as clients of other languages do.
        properties.setProperty("allowEncodingChanges", "true");
        properties.setProperty("options", options);
        return DriverManager.getConnection(url, properties);
    }

    List<String> errors() {
        return errors;
    }

    void send(GuardCase.Item item) throws SQLException {
        try {
            switch (item) {
                case GuardCase.Item.Message(var text) -> message(text);
                case GuardCase.Item.Prepared(var text, var parameters, var types) -> {
                    try (var statement = connection.prepareStatement(withQuestionMarks(text))) {
                        bind(statement, parameters(text), parameters, types);
                        statement.execute();
                    }
                }
                case GuardCase.Item.Prepare(var name, var text) -> {
                    var statement = connection.prepareStatement(withQuestionMarks(text));
                    statement.unwrap(PGStatement.class).setPrepareThreshold(1);
                    prepared.put(name, statement);
                }
                case GuardCase.Item.Run(var name, var parameters) -> {
                    var statement = Objects.requireNonNull(prepared.get(name), name);
                    bind(statement, order(parameters.size()), parameters, List.of());
                    statement.execute();
                }
                case GuardCase.Item.Pipeline(var text, var from, var to) -> pipeline(text, from, to);
                case GuardCase.Item.Bind(var portal, var text) -> RawProtocol.bind(connection, portal, text);
                case GuardCase.Item.Execute(var portal) -> RawProtocol.execute(connection, portal);
                case GuardCase.Item.Together(var items) -> RawProtocol.together(connection, items);
                case GuardCase.Item.CopyIn(var text, var data) ->
                    connection.unwrap(PGConnection.class).getCopyAPI().copyIn(text, new StringReader(data));
                case GuardCase.Item.Options(var options) -> {
                    connection.close();
                    connection = connect(url, login, protocol, options);
                }
                case GuardCase.Item.As _, GuardCase.Item.Beside _ ->
                    throw new IllegalArgumentException("another session's: " + item);
            }
        } catch (SQLException refused) {
            errors.add(refused.getSQLState() + " " + refused.getMessage());
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private void message(String text) throws SQLException, IOException {
        if (text.startsWith("COPY") && text.contains("TO STDOUT")) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyOut(text, new StringWriter());
            return;
        }
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(text);
        }
    }

    /// One transaction, as executions before one Sync are.
    private void pipeline(String text, int from, int to) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.prepareStatement(withQuestionMarks(text))) {
            for (int number = from; number <= to; number++) {
                statement.setInt(1, number);
                statement.addBatch();
            }
            statement.executeBatch();
            connection.commit();
        } catch (SQLException refused) {
            connection.rollback();
            throw refused;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static String withQuestionMarks(String text) {
        return PARAMETER.matcher(text.replace("?", "??")).replaceAll("?");
    }

    private static List<Integer> parameters(String text) {
        return PARAMETER
                .matcher(text)
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
    }

    private static List<Integer> order(int count) {
        return java.util.stream.IntStream.rangeClosed(1, count).boxed().toList();
    }

    private static void bind(
            PreparedStatement statement, List<Integer> order, List<Object> parameters, List<String> types)
            throws SQLException {
        for (int place = 0; place < order.size(); place++) {
            int parameter = order.get(place) - 1;
            if (parameter < types.size() && types.get(parameter).equals("bool")) {
                statement.setBoolean(place + 1, true);
            } else {
                // Of no type: the server tells it from where it stands.
                statement.setObject(place + 1, parameters.get(parameter).toString(), Types.OTHER);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
