package dev.agentroles.ledger;

import dev.agentroles.problem.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

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

    /// Remembers what is new, as it is now. What changed stays as it was accepted. What is not among
    /// `found` stays, too: whatever comes back under its name is held against what was accepted.
    public void remember(Map<String, String> found) throws SQLException {
        var added = new TreeMap<>(found);
        added.keySet().removeAll(all().keySet());
        try (var transaction = Transaction.begin(connection)) {
            write("remember", added);
            transaction.commit();
        }
    }

    /// Accepts `wanted`, and nothing else, from now on. Writes only what differs from what is remembered, and in the
    /// same transaction who did so.
    ///
    /// @param entry what the journal says of objects that were accepted as they are, or are not there any more
    /// @throws Failure if the journal has lost its head
    public void accept(Map<String, String> wanted, Function<SequencedSet<String>, JournalEntry> entry)
            throws SQLException {
        var known = all();
        var changed = new TreeMap<>(wanted);
        changed.entrySet().removeAll(known.entrySet());
        var forgotten = new TreeMap<>(known);
        forgotten.keySet().removeAll(wanted.keySet());
        var other = new TreeSet<>(changed.keySet());
        other.addAll(forgotten.keySet());
        if (other.isEmpty()) {
            return;
        }
        try (var transaction = Transaction.begin(connection);
                var forget = connection.prepareStatement(queries.text("forget"))) {
            write("accept", changed);
            for (var object : forgotten.keySet()) {
                forget.setString(1, object);
                forget.addBatch();
            }
            forget.executeBatch();
            Journal.append(connection, queries, entry.apply(other));
            transaction.commit();
        }
    }

    private void write(String query, Map<String, String> definitions) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text(query))) {
            for (var definition : definitions.entrySet()) {
                statement.setString(1, definition.getKey());
                statement.setString(2, definition.getValue());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
