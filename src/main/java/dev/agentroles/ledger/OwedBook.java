package dev.agentroles.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/// The backlog: what must still be done, however often it fails.
public final class OwedBook {
    private static final int AT_ONCE = 200;

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

    /// Some hundreds in one round trip: nobody who owes the same waits for a machine that is lost.
    ///
    /// @param agents by object
    void owe(Owed.Work work, Map<String, String> agents, Instant since) throws SQLException {
        for (var some : List.copyOf(agents.entrySet()).stream()
                .gather(Gatherers.windowFixed(AT_ONCE))
                .toList()) {
            var all = some.stream().map(_ -> queries.text("owe")).toArray(String[]::new);
            try (var statement = connection.prepareStatement(Transaction.of(all))) {
                int next = 1;
                for (var one : some) {
                    statement.setString(next++, work.name());
                    statement.setString(next++, one.getValue());
                    statement.setString(next++, one.getKey());
                    statement.setObject(next++, Ledger.offset(since));
                }
                Transaction.run(statement);
            }
        }
    }

    /// Takes what is done off, and says so in the journal: both or neither.
    ///
    /// @param entry what the journal says of each
    public void settled(List<Owed> done, Function<Owed, JournalEntry> entry) throws SQLException {
        for (var some : done.stream().gather(Gatherers.windowFixed(AT_ONCE)).toList()) {
            var all = Stream.concat(
                            some.stream().map(_ -> queries.text("settled")),
                            some.stream().map(_ -> queries.text("append")))
                    .toArray(String[]::new);
            try (var statement = connection.prepareStatement(Transaction.of(all))) {
                int next = 1;
                for (var owed : some) {
                    statement.setLong(next++, owed.id());
                }
                Journal.bind(statement, next, some.stream().map(entry).toList());
                Transaction.run(statement);
            }
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
