package dev.agentroles.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The backlog: what must still be done, however often it fails.
public final class OwedBook {
    private final Connection connection;
    private final Queries queries;

    OwedBook(Connection connection, Queries queries) {
        this.connection = connection;
        this.queries = queries;
    }

    /// Oldest first.
    public List<Owed> all() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(queries.text("owed"))) {
            var owed = new ArrayList<Owed>();
            while (row.next()) {
                owed.add(new Owed(
                        row.getLong("id"),
                        Owed.Work.valueOf(row.getString("work")),
                        row.getString("agent"),
                        row.getString("object"),
                        Ledger.instant(row, "owed_since"),
                        row.getInt("attempts"),
                        row.getString("last_error")));
            }
            return List.copyOf(owed);
        }
    }

    /// Owing the same twice is owing it once.
    public void owe(Owed.Work work, String agent, String object, Instant since) throws SQLException {
        owe(work, Map.of(object, agent), since);
    }

    /// @param agents by object
    void owe(Owed.Work work, Map<String, String> agents, Instant since) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("owe"))) {
            for (var one : agents.entrySet()) {
                statement.setString(1, work.name());
                statement.setString(2, one.getValue());
                statement.setString(3, one.getKey());
                statement.setObject(4, Ledger.offset(since));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /// Takes what is done off, and says so in the journal: both or neither.
    public void settled(List<Owed> done, JournalEntry entry) throws SQLException {
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(queries.text("settled"))) {
            for (var owed : done) {
                statement.setLong(1, owed.id());
                statement.addBatch();
            }
            statement.executeBatch();
            new Journal(connection, queries).appendWithin(entry);
            transaction.commit();
        }
    }

    /// @param error why it failed again; never a secret
    public void failed(Owed owed, String error) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("unsettled"))) {
            statement.setString(1, error);
            statement.setLong(2, owed.id());
            statement.executeUpdate();
        }
    }
}
