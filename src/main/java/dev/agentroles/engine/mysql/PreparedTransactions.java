package dev.agentroles.engine.mysql;

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

    /// @return each as the statement that undoes it
    /// @throws SQLException on MySQL also for want of XA_RECOVER_ADMIN
    static List<String> undo(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("XA RECOVER")) {
            var undo = new ArrayList<String>();
            while (row.next()) {
                undo.add(undo(row));
            }
            return List.copyOf(undo);
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
