package dev.agentroles.engine.mysql;

import dev.agentroles.access.Sha256;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// The event by which the server ends leases by itself: it locks the logins of those that are over and ends
/// their sessions. It acts with the rights of the administrator that made it, and only on what the ledger
/// says is over; dropping the logins is left to `reap`.
final class ExpiryEvent {
    static final String NAME = "agentroles.end_leases";

    /// Between the head of the statement and what the event does.
    private static final String DO = "\nDO\n";

    private ExpiryEvent() {}

    static List<String> put(Dialect dialect) {
        return List.of("DROP EVENT IF EXISTS " + NAME, statement(dialect));
    }

    static List<String> drop() {
        return List.of("DROP EVENT IF EXISTS " + NAME);
    }

    /// Without the comment on top.
    private static String statement(Dialect dialect) {
        var text = Sql.resource("expiry.sql").strip().formatted(dialect.accountTable(), dialect.unlocked());
        return text.substring(text.indexOf("CREATE EVENT"));
    }

    /// The fingerprint of the event as this version makes it.
    ///
    /// @param administrator as the server counts the account that makes it
    static String wanted(Dialect dialect, String administrator) {
        var statement = statement(dialect);
        var body = statement.substring(statement.indexOf(DO) + DO.length());
        return fingerprint(administrator, "ENABLED", "5 SECOND", Session.SQL_MODE, body);
    }

    /// The event that is there.
    ///
    /// @param fingerprint disabled, of another definer, or at longer intervals, it is another one
    record Found(String fingerprint, String definer) {}

    static Optional<Found> read(Connection connection, Dialect dialect) throws SQLException {
        try (var statement = connection.createStatement();
                var row =
                        statement.executeQuery(Sql.resource("expiry-event.sql").formatted(dialect.query("events")))) {
            return row.next()
                    ? Optional.of(new Found(
                            fingerprint(
                                    row.getString("definer"),
                                    row.getString("status"),
                                    row.getString("every"),
                                    row.getString("mode"),
                                    row.getString("body")),
                            row.getString("definer")))
                    : Optional.empty();
        }
    }

    private static String fingerprint(String definer, String status, String every, String mode, String body) {
        var text = String.join("\0", definer, status, every, mode, body.strip());
        return Sha256.of(text).hex(6);
    }
}
