package dev.agentroles.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;

/// What was done, in the order it was done. Each entry's hash covers the hash before it.
public final class Journal {
    /// Rows held in memory at once while the whole journal is read.
    private static final int PAGE = 1_000;

    private final Connection connection;
    private final Queries queries;

    Journal(Connection connection, Queries queries) {
        this.connection = connection;
        this.queries = queries;
    }

    public void append(JournalEntry entry) throws SQLException {
        try (var transaction = Transaction.begin(connection)) {
            appendWithin(entry);
            transaction.commit();
        }
    }

    /// In the transaction that is open.
    void appendWithin(JournalEntry entry) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("append"))) {
            bind(statement, 1, entry);
            statement.execute();
        }
    }

    /// Fills the parameters of `append`, the first of which is number `first`.
    static void bind(PreparedStatement statement, int first, JournalEntry entry) throws SQLException {
        statement.setBytes(first, entry.digest());
        statement.setObject(first + 1, Ledger.offset(entry.at()));
        statement.setString(first + 2, entry.actor().databaseUser());
        statement.setString(first + 3, entry.actor().operator());
        statement.setString(first + 4, entry.action());
        statement.setString(first + 5, entry.agent().orElse(null));
        statement.setString(first + 6, entry.lease().orElse(null));
        statement.setString(first + 7, entry.outcome());
        statement.setString(first + 8, entry.detail());
    }

    /// Reads the entries after one of them, oldest first.
    ///
    /// @param after 0: all of them
    /// @param reader takes each with its number
    public void read(long after, BiConsumer<Long, JournalEntry> reader) throws SQLException {
        try (var _ = Transaction.begin(connection);
                var statement = connection.prepareStatement(queries.text("read-journal"))) {
            statement.setFetchSize(PAGE);
            statement.setLong(1, after);
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    reader.accept(row.getLong("seq"), entry(row));
                }
            }
        }
    }

    /// Walks the chain from its first link to the head.
    ///
    /// @return the first place where it does not hold, or empty
    public Optional<Break> firstBreak() throws SQLException {
        // The driver reads in pages only within a transaction.
        try (var _ = Transaction.begin(connection);
                var statement = connection.createStatement()) {
            statement.setFetchSize(PAGE);
            try (var row = statement.executeQuery(queries.text("journal"))) {
                return walk(row);
            }
        }
    }

    private static Optional<Break> walk(ResultSet row) throws SQLException {
        if (!row.next()) {
            return Optional.of(new Break(0, "the head of the journal is gone"));
        }
        var last = row.getLong("head_seq");
        var head = row.getBytes("head_hash");
        var previous = JournalEntry.sha256().digest();
        long at = 0;
        if (row.getObject("seq") != null) {
            do {
                at++;
                var seq = row.getLong("seq");
                if (seq != at) {
                    return Optional.of(new Break(at, "entry " + at + " of the journal was removed"));
                }
                if (!Arrays.equals(previous, row.getBytes("previous_hash"))
                        || !Arrays.equals(chained(previous, entry(row)), row.getBytes("hash"))) {
                    return Optional.of(new Break(at, "entry " + at + " of the journal was edited"));
                }
                previous = row.getBytes("hash");
            } while (row.next());
        }
        return at == last && Arrays.equals(previous, head)
                ? Optional.empty()
                : Optional.of(new Break(
                        at + 1, "the journal ends at entry " + at + ", and " + last + " entries were written"));
    }

    private static byte[] chained(byte[] previous, JournalEntry entry) {
        var sha256 = JournalEntry.sha256();
        sha256.update(previous);
        return sha256.digest(entry.digest());
    }

    private static JournalEntry entry(ResultSet row) throws SQLException {
        return new JournalEntry(
                Ledger.instant(row, "at"),
                new Actor(row.getString("database_user"), row.getString("operator")),
                row.getString("action"),
                Optional.ofNullable(row.getString("agent")),
                Optional.ofNullable(row.getString("lease")),
                row.getString("outcome"),
                row.getString("detail"));
    }

    /// @param seq the first entry that is not as it was written
    /// @param what one clause, for a finding
    public record Break(long seq, String what) {}
}
