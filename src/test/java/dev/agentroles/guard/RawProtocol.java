package dev.agentroles.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.core.PGStream;
import org.postgresql.core.QueryExecutorBase;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// What the driver never sends, on the driver's own connection (manual, 54.7: Message Formats).
final class RawProtocol {
    private RawProtocol() {}

    /// Parses a statement and binds a portal to it, and executes nothing.
    static void bind(Connection connection, String portal, String text) throws SQLException, IOException {
        var stream = stream(connection);
        send(stream, 'P', "stated", text, new byte[2]);
        send(stream, 'B', portal, "stated", new byte[6]);
        synchronize(stream);
    }

    /// Executes what was bound, in a message of its own.
    static void execute(Connection connection, String portal) throws SQLException, IOException {
        together(connection, List.of(new GuardCase.Item.Execute(portal)));
    }

    /// What is bound or executed up to one Sync: one transaction, unless another is open.
    static void together(Connection connection, List<GuardCase.Item> items) throws SQLException, IOException {
        var stream = stream(connection);
        for (var item : items) {
            switch (item) {
                case GuardCase.Item.Message(var text) -> {
                    send(stream, 'P', "", text, new byte[2]);
                    send(stream, 'B', "", "", new byte[6]);
                    send(stream, 'E', new byte[1 + Integer.BYTES]);
                }
                case GuardCase.Item.Bind(var portal, var text) -> {
                    send(stream, 'P', portal, text, new byte[2]);
                    send(stream, 'B', portal, portal, new byte[6]);
                }
                case GuardCase.Item.Execute(var portal) -> {
                    var body = new ByteArrayOutputStream();
                    body.write(portal.getBytes(UTF_8));
                    body.write(new byte[1 + Integer.BYTES]);
                    send(stream, 'E', body.toByteArray());
                }
                default -> throw new IllegalArgumentException("not before a Sync: " + item);
            }
        }
        synchronize(stream);
    }

    /// Up to the server being ready again.
    private static void synchronize(PGStream stream) throws SQLException, IOException {
        send(stream, 'S', new byte[0]);
        stream.flush();
        ServerErrorMessage error = null;
        for (int kind = stream.receiveChar(); ; kind = stream.receiveChar()) {
            int length = stream.receiveInteger4() - Integer.BYTES;
            var body = stream.receive(length);
            if (kind == 'E') {
                error = new ServerErrorMessage(new String(body, UTF_8));
            }
            if (kind == 'Z') {
                break;
            }
        }
        if (error != null) {
            throw new PSQLException(error);
        }
    }

    private static PGStream stream(Connection connection) throws SQLException {
        try {
            var field = QueryExecutorBase.class.getDeclaredField("pgStream");
            field.setAccessible(true);
            return (PGStream) field.get(connection.unwrap(PgConnection.class).getQueryExecutor());
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("the driver keeps its stream elsewhere", changed);
        }
    }

    /// @param first and `second`, texts that end with a zero byte each
    private static void send(PGStream stream, int kind, String first, String second, byte[] rest) throws IOException {
        var body = new ByteArrayOutputStream();
        body.write(first.getBytes(UTF_8));
        body.write(0);
        body.write(second.getBytes(UTF_8));
        body.write(0);
        body.write(rest);
        send(stream, kind, body.toByteArray());
    }

    private static void send(PGStream stream, int kind, byte[] body) throws IOException {
        stream.sendChar(kind);
        stream.sendInteger4(Integer.BYTES + body.length);
        stream.send(body);
    }
}
