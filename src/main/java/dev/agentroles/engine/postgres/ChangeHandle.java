package dev.agentroles.engine.postgres;

import dev.agentroles.engine.Rows;
import dev.agentroles.engine.SchemaSession.Fate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// By what the server tells afterwards what became of a change: the number of its transaction, or, of what runs outside
/// of one, that of its session. It is kept before the statement is sent.
final class ChangeHandle {
    private static final Pattern SESSION = Pattern.compile("session (?<pid>[0-9]{1,9}) of (?<role>[0-9]{1,10})");

    /// The first of a transaction that has not been yet.
    private static final Set<String> NO_SUCH_TRANSACTION = Set.of(
            SqlStates.INVALID_PARAMETER_VALUE,
            SqlStates.INVALID_TEXT_REPRESENTATION,
            SqlStates.NUMERIC_VALUE_OUT_OF_RANGE);

    private ChangeHandle() {}

    /// Of the transaction that a session has begun.
    static String ofTransaction(Connection session) throws SQLException {
        return text(session, "SELECT pg_current_xact_id()");
    }

    static String ofSession(Connection session) throws SQLException {
        return text(
                session,
                "SELECT format('session %s of %s', pid, usesysid) FROM pg_stat_activity WHERE pid = pg_backend_pid()");
    }

    private static String text(Connection session, String query) throws SQLException {
        return Rows.read(session, query, row -> row.getString(1)).getFirst();
    }

    /// Manual, 9.27.13: the server forgets what happened long ago, and knows nothing of what another one did before
    /// it took its place.
    static Fate fate(Connection connection, String handle) throws SQLException {
        var session = SESSION.matcher(handle);
        return session.matches()
                ? fateOfSession(connection, Integer.parseInt(session.group("pid")), session.group("role"))
                : fateOfTransaction(connection, handle);
    }

    private static Fate fateOfSession(Connection connection, int pid, String role) throws SQLException {
        boolean works = Rows.read(
                        connection,
                        Sql.resource("works.sql"),
                        query -> {
                            query.setInt(1, pid);
                            query.setString(2, role);
                        },
                        row -> row.getBoolean(1))
                .getFirst();
        return works ? Fate.RUNNING : Fate.UNKNOWN;
    }

    private static Fate fateOfTransaction(Connection connection, String number) throws SQLException {
        try (var query = connection.prepareStatement("SELECT pg_xact_status(?::xid8)")) {
            query.setString(1, number);
            try (var row = query.executeQuery()) {
                row.next();
                return fateOf(row.getString(1));
            }
        } catch (SQLException said) {
            if (NO_SUCH_TRANSACTION.contains(String.valueOf(said.getSQLState()))) {
                return Fate.UNKNOWN;
            }
            throw said;
        }
    }

    private static Fate fateOf(@Nullable String status) {
        return switch (status) {
            case "committed" -> Fate.DONE;
            case "aborted" -> Fate.UNDONE;
            case "in progress" -> Fate.RUNNING;
            case null, default -> Fate.UNKNOWN;
        };
    }
}
