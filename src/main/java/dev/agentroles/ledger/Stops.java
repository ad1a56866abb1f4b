package dev.agentroles.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who may be issued nothing: the whole environment while it is frozen, one agent while it is revoked. The
/// ledger itself refuses a lease to whoever is stopped.
public final class Stops {
    private final Connection connection;
    private final Queries queries;

    Stops(Connection connection, Queries queries) {
        this.connection = connection;
        this.queries = queries;
    }

    /// Freezes the environment. One that is frozen already stays so, with its first reason.
    public void freeze(Freeze freeze, JournalEntry entry) throws SQLException {
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(queries.together("freeze", "append"))) {
            bind(statement, 1, freeze);
            Journal.bind(statement, 4, entry);
            statement.execute();
            transaction.commit();
        }
    }

    /// Ends the freeze; agents that were stopped each by itself stay so.
    public void thaw(JournalEntry entry) throws SQLException {
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(queries.together("thaw", "append"))) {
            Journal.bind(statement, 1, entry);
            statement.execute();
            transaction.commit();
        }
    }

    /// Stops one agent. One that is stopped already stays so, with its first reason.
    public void revoke(String agent, Freeze freeze, JournalEntry entry) throws SQLException {
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(queries.together("revoke", "append"))) {
            statement.setString(1, agent);
            bind(statement, 2, freeze);
            Journal.bind(statement, 5, entry);
            statement.execute();
            transaction.commit();
        }
    }

    /// Ends the stop of one agent.
    public void restore(String agent, JournalEntry entry) throws SQLException {
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(queries.together("restore", "append"))) {
            statement.setString(1, agent);
            Journal.bind(statement, 2, entry);
            statement.execute();
            transaction.commit();
        }
    }

    /// The agents that are stopped, by name.
    public SortedMap<String, Freeze> revocations() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(queries.text("revocations"))) {
            var revocations = new TreeMap<String, Freeze>();
            while (row.next()) {
                revocations.put(
                        row.getString("agent"),
                        new Freeze(
                                row.getString("revoked_by"),
                                Ledger.instant(row, "revoked_at"),
                                row.getString("reason")));
            }
            return Collections.unmodifiableSortedMap(revocations);
        }
    }

    /// Whether an agent may be issued nothing: by itself, or as all of the environment.
    public boolean isStopped(String agent) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("is-stopped"))) {
            statement.setString(1, agent);
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /// Waits for the transactions that are just making a login. All that begin later are refused.
    ///
    /// @return false if one of them takes longer than that; what it makes is found later
    public boolean awaitIssuers(Duration patience) throws SQLException {
        try (var _ = Transaction.begin(connection);
                var statement = connection.createStatement()) {
            statement.execute(queries.text("await-issuers").formatted(patience.toMillis()));
            return true;
        } catch (SQLException refused) {
            if (Answers.isOneOf(queries.answers().late(), refused)) {
                return false;
            }
            throw refused;
        }
    }

    /// Ends in the ledger what is ended at the server, and owes the store the same: in one transaction, or
    /// first in the ledger where the server has none for logins.
    ///
    /// @param agent empty: all of them
    /// @param logins the statements that close the logins
    /// @param secrets agents by the path of the secret that must go
    public void stop(
            Optional<String> agent, Instant at, List<String> logins, Map<String, String> secrets, JournalEntry entry)
            throws SQLException {
        boolean together = queries.answers().transactional();
        try (var transaction = Transaction.begin(connection);
                var leases = connection.prepareStatement(queries.together("stop", "append"))) {
            if (together) {
                close(logins);
            }
            new OwedBook(connection, queries).owe(Owed.Work.ERASE_SECRET, secrets, at);
            leases.setObject(1, Ledger.offset(at));
            leases.setString(2, agent.orElse(null));
            Journal.bind(leases, 3, entry);
            leases.execute();
            transaction.commit();
        }
        if (!together) {
            close(logins);
        }
    }

    private void close(List<String> logins) throws SQLException {
        if (!logins.isEmpty()) {
            try (var statement = connection.createStatement()) {
                statement.execute(String.join(";\n", logins));
            }
        }
    }

    private static void bind(PreparedStatement statement, int first, Freeze freeze) throws SQLException {
        statement.setString(first, freeze.by());
        statement.setObject(first + 1, Ledger.offset(freeze.at()));
        statement.setString(first + 2, freeze.why());
    }
}
