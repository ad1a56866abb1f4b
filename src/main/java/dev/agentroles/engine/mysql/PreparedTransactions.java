package dev.agentroles.engine.mysql;

import dev.agentroles.engine.Logins;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Transactions that were prepared with XA. They outlive their sessions, the server does not say whose they
/// are, and any login can commit them.
final class PreparedTransactions {
    private PreparedTransactions() {}

    /// @throws SQLException on MySQL also for want of XA_RECOVER_ADMIN
    static List<Logins.PreparedTransaction> read(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("XA RECOVER")) {
            var prepared = new ArrayList<Logins.PreparedTransaction>();
            while (row.next()) {
                prepared.add(new Logins.PreparedTransaction(
                        "a transaction that was prepared with XA outlives its session, and any login can commit it",
                        undo(row)));
            }
            return List.copyOf(prepared);
        }
    }

    private static String undo(ResultSet row) throws SQLException {
        var data = row.getBytes("data");
        int global = row.getInt("gtrid_length");
        return "XA ROLLBACK X'%s', X'%s', %d"
                .formatted(
                        HexFormat.of().formatHex(data, 0, global),
                        HexFormat.of().formatHex(data, global, global + row.getInt("bqual_length")),
                        row.getLong("formatID"));
    }
}
