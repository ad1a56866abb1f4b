package dev.agentroles.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/// Change requests and the decisions of people. Each step is taken once, whoever tries it at the same time, and
/// stands in the journal in the same transaction.
public final class ChangeBook {
    private final Connection connection;
    private final Queries queries;

    ChangeBook(Connection connection, Queries queries) {
        this.connection = connection;
        this.queries = queries;
    }

    /// Fills a statement's parameters.
    @FunctionalInterface
    private interface Binding {
        void on(PreparedStatement statement) throws SQLException;
    }

    /// Writes a request down.
    ///
    /// @param entry what the journal says of the number that it gets
    /// @return the number
    public long request(ChangeRequest.Asked asked, LongFunction<JournalEntry> entry) throws SQLException {
        try (var transaction = Transaction.begin(connection);
                var insert =
                        connection.prepareStatement(queries.text("request-change"), Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, asked.agent());
            insert.setString(2, asked.by());
            insert.setObject(3, Ledger.offset(asked.at()));
            insert.setString(4, asked.statement());
            insert.setString(5, asked.reason());
            insert.executeUpdate();
            long id;
            try (var keys = insert.getGeneratedKeys()) {
                keys.next();
                id = keys.getLong(1);
            }
            Journal.append(connection, queries, entry.apply(id));
            transaction.commit();
            return id;
        }
    }

    /// Newest first, no more than so many.
    public List<ChangeRequest> all(int most) throws SQLException {
        return newest("changes", most);
    }

    /// Newest first, without those that are over.
    public List<ChangeRequest> open(int most) throws SQLException {
        return newest("open-changes", most);
    }

    private List<ChangeRequest> newest(String query, int most) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text(query))) {
            statement.setInt(1, most);
            return rows(statement);
        }
    }

    /// How many wait for a person: for a decision, or to see how a run ended.
    public int undecided() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(queries.text("undecided-changes"))) {
            row.next();
            return row.getInt(1);
        }
    }

    public Optional<ChangeRequest> find(long id) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("change"))) {
            statement.setLong(1, id);
            return rows(statement).stream().findFirst();
        }
    }

    /// Keeps what a trial showed.
    ///
    /// @return false if it is over by now
    public boolean rehearsed(long id, ChangeRequest.Rehearsed rehearsal, JournalEntry entry) throws SQLException {
        return step("rehearsed-change", entry, statement -> {
            statement.setObject(1, Ledger.offset(rehearsal.at()));
            statement.setString(2, rehearsal.on());
            statement.setString(3, rehearsal.outcome());
            statement.setLong(4, id);
        });
    }

    /// @return false if it is over by now, or just being run
    public boolean approve(
            long id, ChangeRequest.Decision decision, ChangeRequest.Approval approval, JournalEntry entry)
            throws SQLException {
        return step("approve-change", entry, statement -> {
            bind(statement, decision);
            statement.setString(4, approval.fingerprint());
            statement.setObject(5, Ledger.offset(approval.validUntil()));
            statement.setString(6, approval.signature().orElse(null));
            statement.setLong(7, id);
        });
    }

    /// @return false if it is over by now, or just being run
    public boolean reject(long id, ChangeRequest.Decision decision, JournalEntry entry) throws SQLException {
        return step("reject-change", entry, statement -> {
            bind(statement, decision);
            statement.setLong(4, id);
        });
    }

    /// Takes the right to run it.
    ///
    /// @param fingerprint that must have been approved
    /// @return false if somebody else has taken it, or it is not approved any more
    public boolean start(long id, String fingerprint, String by, JournalEntry entry) throws SQLException {
        return step("start-change", entry, statement -> {
            statement.setString(1, by);
            statement.setObject(2, Ledger.offset(entry.at()));
            statement.setLong(3, id);
            statement.setString(4, fingerprint);
        });
    }

    /// Remembers by what the server tells afterwards whether it was done.
    public void handle(long id, String handle) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("handle-change"))) {
            statement.setString(1, handle);
            statement.setLong(2, id);
            statement.executeUpdate();
        }
    }

    /// Says how it ended.
    ///
    /// @param state DONE or FAILED; APPROVED where nothing was done and it may be tried again
    /// @return false if somebody else has said so
    public boolean end(long id, ChangeRequest.State state, String outcome, JournalEntry entry) throws SQLException {
        return step("end-change", entry, statement -> {
            statement.setString(1, state.name());
            statement.setObject(2, Ledger.offset(entry.at()));
            statement.setString(3, outcome);
            statement.setLong(4, id);
        });
    }

    private boolean step(String query, JournalEntry entry, Binding binding) throws SQLException {
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(queries.text(query))) {
            binding.on(statement);
            if (statement.executeUpdate() == 0) {
                return false;
            }
            Journal.append(connection, queries, entry);
            transaction.commit();
            return true;
        }
    }

    private static void bind(PreparedStatement statement, ChangeRequest.Decision decision) throws SQLException {
        statement.setString(1, decision.by());
        statement.setObject(2, Ledger.offset(decision.at()));
        statement.setString(3, decision.why());
    }

    private static List<ChangeRequest> rows(PreparedStatement statement) throws SQLException {
        try (var row = statement.executeQuery()) {
            var requests = new ArrayList<ChangeRequest>();
            while (row.next()) {
                requests.add(new ChangeRequest(
                        row.getLong("id"),
                        asked(row),
                        ChangeRequest.State.valueOf(row.getString("state")),
                        rehearsal(row),
                        decision(row),
                        approval(row),
                        execution(row)));
            }
            return List.copyOf(requests);
        }
    }

    private static ChangeRequest.Asked asked(ResultSet row) throws SQLException {
        return new ChangeRequest.Asked(
                row.getString("agent"),
                row.getString("requested_by"),
                Ledger.instant(row, "requested_at"),
                row.getString("statement"),
                row.getString("reason"));
    }

    private static Optional<ChangeRequest.Rehearsed> rehearsal(ResultSet row) throws SQLException {
        return row.getString("rehearsed_on") == null
                ? Optional.empty()
                : Optional.of(new ChangeRequest.Rehearsed(
                        Ledger.instant(row, "rehearsed_at"),
                        row.getString("rehearsed_on"),
                        row.getString("rehearsal")));
    }

    private static Optional<ChangeRequest.Decision> decision(ResultSet row) throws SQLException {
        return row.getString("decided_by") == null
                ? Optional.empty()
                : Optional.of(new ChangeRequest.Decision(
                        row.getString("decided_by"), Ledger.instant(row, "decided_at"), row.getString("decision")));
    }

    private static Optional<ChangeRequest.Approval> approval(ResultSet row) throws SQLException {
        return row.getString("fingerprint") == null
                ? Optional.empty()
                : Optional.of(new ChangeRequest.Approval(
                        row.getString("fingerprint"),
                        Ledger.instant(row, "valid_until"),
                        Optional.ofNullable(row.getString("signature"))));
    }

    private static Optional<ChangeRequest.Execution> execution(ResultSet row) throws SQLException {
        if (row.getString("started_by") == null) {
            return Optional.empty();
        }
        boolean ended = row.getObject("ended_at") != null;
        var outcome = row.getString("outcome");
        return Optional.of(new ChangeRequest.Execution(
                row.getString("started_by"),
                Ledger.instant(row, "started_at"),
                Optional.ofNullable(row.getString("handle")),
                ended ? Optional.of(Ledger.instant(row, "ended_at")) : Optional.empty(),
                outcome == null ? "" : outcome));
    }
}
