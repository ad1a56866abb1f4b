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
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/// Who may be issued nothing: the whole environment while it is frozen, one agent while it is revoked. The
/// ledger itself refuses a lease to whoever is stopped.
public final class Stops {
    /// Within one statement; PostgreSQL's driver takes 65,535 parameters.
    private static final int ENTRIES = 1_000;

    private final Connection connection;
    private final Queries queries;

    Stops(Connection connection, Queries queries) {
        this.connection = connection;
        this.queries = queries;
    }

    /// Freezes the environment. One that is frozen already stays so, with its first reason.
    public void freeze(StoppedBy freeze, JournalEntry entry) throws SQLException {
        try (var statement = prepare("freeze")) {
            bind(statement, 1, freeze);
            Journal.bind(statement, 4, entry);
            Transaction.run(statement);
        }
    }

    /// Ends the freeze; agents that were stopped each by itself stay so.
    public void thaw(JournalEntry entry) throws SQLException {
        try (var statement = prepare("thaw")) {
            Journal.bind(statement, 1, entry);
            Transaction.run(statement);
        }
    }

    /// Stops one agent. One that is stopped already stays so, with its first reason.
    public void revoke(String agent, StoppedBy freeze, JournalEntry entry) throws SQLException {
        try (var statement = prepare("revoke")) {
            statement.setString(1, agent);
            bind(statement, 2, freeze);
            Journal.bind(statement, 5, entry);
            Transaction.run(statement);
        }
    }

    /// Ends the stop of one agent.
    public void restore(String agent, JournalEntry entry) throws SQLException {
        try (var statement = prepare("restore")) {
            statement.setString(1, agent);
            Journal.bind(statement, 2, entry);
            Transaction.run(statement);
        }
    }

    /// The agents that are stopped, by name.
    public SortedMap<String, StoppedBy> revocations() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(queries.text("revocations"))) {
            var revocations = new TreeMap<String, StoppedBy>();
            while (row.next()) {
                revocations.put(
                        row.getString("agent"),
                        new StoppedBy(
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

    /// A whole transaction in one round trip: whoever stops something waits for nobody whose machine is
    /// lost, and lets nobody wait.
    private PreparedStatement prepare(String what) throws SQLException {
        return connection.prepareStatement(Transaction.of(queries.text(what), queries.text("append")));
    }

    /// Waits for the transactions that are just making a login. All that begin later are refused.
    ///
    /// @return false if one of them takes longer than that; what it makes is found later
    public boolean awaitIssuers(Duration patience) throws SQLException {
        var wait = Transaction.of(queries.text("await-issuers").formatted(patience.toMillis()));
        try (var statement = connection.prepareStatement(wait)) {
            Transaction.run(statement);
            return true;
        } catch (SQLException refused) {
            if (Answers.isOneOf(queries.answers().late(), refused)) {
                return false;
            }
            throw refused;
        }
    }

    /// Owes the store the secrets, and then ends in the ledger what is ended at the server: in one
    /// transaction, or first in the ledger where the server has none for logins.
    ///
    /// @param agent empty: all of them
    /// @param logins the statements that close the logins
    /// @param secrets agents by the path of the secret that must go
    /// @param closed what the journal says of each login
    /// @param begun what it says of each secret
    public void stop(
            Optional<String> agent,
            Instant at,
            List<String> logins,
            Map<String, String> secrets,
            List<JournalEntry> closed,
            List<JournalEntry> begun)
            throws SQLException {
        new OwedBook(connection, queries).owe(Owed.Work.ERASE_SECRET, secrets, at);
        boolean together = queries.answers().transactional();
        var entries = Stream.concat(
                        together ? closed.stream() : closed.stream().map(JournalEntry::begun), begun.stream())
                .toList();
        var within = entries.subList(0, Math.min(entries.size(), ENTRIES));
        var all = Stream.of(
                        together ? logins.stream() : Stream.<String>of(),
                        Stream.of(queries.text("stop")),
                        within.stream().map(_ -> queries.text("append")))
                .flatMap(part -> part)
                .toArray(String[]::new);
        try (var statement = connection.prepareStatement(Transaction.of(all))) {
            statement.setObject(1, Ledger.offset(at));
            statement.setString(2, agent.orElse(null));
            Journal.bind(statement, 3, within);
            Transaction.run(statement);
        }
        if (!together) {
            close(logins);
        }
        append(entries.subList(within.size(), entries.size()));
        if (!together) {
            append(closed);
        }
    }

    private void append(List<JournalEntry> entries) throws SQLException {
        for (var some : entries.stream().gather(Gatherers.windowFixed(ENTRIES)).toList()) {
            new Journal(connection, queries).append(some);
        }
    }

    private void close(List<String> logins) throws SQLException {
        if (!logins.isEmpty()) {
            try (var statement = connection.createStatement()) {
                statement.execute(String.join(";\n", logins));
            }
        }
    }

    private static void bind(PreparedStatement statement, int first, StoppedBy freeze) throws SQLException {
        statement.setString(first, freeze.by());
        statement.setObject(first + 1, Ledger.offset(freeze.at()));
        statement.setString(first + 2, freeze.why());
    }
}
