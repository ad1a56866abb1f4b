package dev.agentroles.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Hashes of the definitions that the proof of an agent's power relies on, as they were when they were
/// accepted.
public final class Definitions {
    private final Connection connection;
    private final Queries queries;

    Definitions(Connection connection, Queries queries) {
        this.connection = connection;
        this.queries = queries;
    }

    /// SHA-256 in hexadecimal by the object's name, sorted.
    public Map<String, String> all() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(queries.text("definitions"))) {
            var found = new TreeMap<String, String>();
            while (row.next()) {
                found.put(row.getString("object"), row.getString("sha256"));
            }
            return Collections.unmodifiableMap(found);
        }
    }

    /// Accepts `wanted`, and nothing else, from now on. Writes only what differs from what is remembered.
    public void remember(Map<String, String> wanted) throws SQLException {
        var known = all();
        try (var transaction = Transaction.begin(connection);
                var keep = connection.prepareStatement(queries.text("remember"));
                var drop = connection.prepareStatement(queries.text("forget"))) {
            for (var definition : new TreeMap<>(wanted).entrySet()) {
                if (!definition.getValue().equals(known.get(definition.getKey()))) {
                    keep.setString(1, definition.getKey());
                    keep.setString(2, definition.getValue());
                    keep.addBatch();
                }
            }
            for (var object : known.keySet()) {
                if (!wanted.containsKey(object)) {
                    drop.setString(1, object);
                    drop.addBatch();
                }
            }
            keep.executeBatch();
            drop.executeBatch();
            transaction.commit();
        }
    }
}
