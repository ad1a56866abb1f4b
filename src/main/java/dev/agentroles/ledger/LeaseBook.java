package dev.agentroles.ledger;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The logins that are out. A lease that is being issued is claimed by the session that does it, so that
/// nobody takes it for an orphan; a claim ends with its session, however that dies.
public final class LeaseBook {
    private static final int ATTEMPTS = 10;

    private final Connection connection;
    private final Queries queries;

    LeaseBook(Connection connection, Queries queries) {
        this.connection = connection;
        this.queries = queries;
    }

    /// Every lease that is not over, oldest first.
    public List<LeaseRow> open() throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("leases"))) {
            return rows(statement);
        }
    }

    /// Every lease of one agent that is not over, oldest first.
    public List<LeaseRow> openOf(String agent) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("leases-of-agent"))) {
            statement.setString(1, agent);
            return rows(statement);
        }
    }

    private static List<LeaseRow> rows(PreparedStatement statement) throws SQLException {
        try (var row = statement.executeQuery()) {
            var leases = new ArrayList<LeaseRow>();
            while (row.next()) {
                var version = row.getLong("store_version");
                leases.add(new LeaseRow(
                        new Lease(
                                row.getString("id"),
                                row.getString("agent"),
                                new RoleName(row.getString("login")),
                                Lease.State.valueOf(row.getString("state")),
                                Ledger.instant(row, "issued_at"),
                                Ledger.instant(row, "expires_at"),
                                row.getString("digest"),
                                version == 0 ? Optional.empty() : Optional.of(version)),
                        LeaseRow.Purpose.valueOf(row.getString("purpose")),
                        row.getString("store_path")));
            }
            return List.copyOf(leases);
        }
    }

    /// What an agent held when its newest lease was issued; empty if it never had one.
    public Optional<String> lastDigest(String agent) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("last-digest"))) {
            statement.setString(1, agent);
            try (var row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString("digest")) : Optional.empty();
            }
        }
    }

    /// Writes the row, runs the statements that make the login, and appends to the journal: all or nothing,
    /// in one round trip and its commit, where the server has transactions for that. Where not, the row
    /// stands first, so that whatever dies on the way leaves a lease that the next run ends. What collides
    /// with another session is tried again.
    ///
    /// @param login without parameters
    /// @param begun what the journal says before
    /// @param done what the journal says afterwards
    /// @throws Failure refused, if the environment is frozen or the agent revoked
    public void issue(LeaseRow row, List<String> login, List<JournalEntry> begun, JournalEntry done)
            throws SQLException {
        try {
            if (queries.answers().transactional()) {
                again(() -> write(row, login, and(begun, done)), row.lease().id());
            } else {
                issueInSteps(row, login, begun, done);
            }
        } catch (SQLException failed) {
            giveBack(row.lease().id(), failed);
            if (Answers.isOneOf(queries.answers().stopped(), failed)) {
                throw stopped(failed);
            }
            throw failed;
        } catch (Failure stopped) {
            giveBack(row.lease().id(), stopped);
            throw stopped;
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    private void again(Work work, String lease) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                work.run();
                return;
            } catch (SQLException failed) {
                if (attempt == ATTEMPTS || !Answers.isOneOf(queries.answers().collided(), failed)) {
                    throw failed;
                }
                giveBack(lease, failed);
            }
        }
    }

    private static Failure stopped(SQLException refused) {
        var what = String.valueOf(refused.getMessage()).lines().findFirst().orElse("");
        return stopped(what.replaceFirst("^ERROR: ", ""));
    }

    private static Failure stopped(String what) {
        return Failure.refused(
                Problem.of("no login is issued: " + what).remedy("agentroles thaw when the reason is gone"));
    }

    private void write(LeaseRow row, List<String> login, List<JournalEntry> entries) throws SQLException {
        var all = Stream.of(
                        Stream.of(queries.text("issue")),
                        inTurn(login),
                        entries.stream().map(_ -> queries.text("append")))
                .flatMap(part -> part)
                .toArray(String[]::new);
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(Transaction.committing(all))) {
            Journal.bind(statement, bind(statement, row), entries);
            transaction.run(statement);
        }
    }

    private Stream<String> inTurn(List<String> login) {
        return login.isEmpty() ? Stream.of() : Stream.concat(Stream.of(queries.text("take-turn")), login.stream());
    }

    /// A commit costs more than all the rest, so the journal says with the row that it began; that it was
    /// published is said later. Whoever stops the agent writes that down first and then closes the logins there
    /// are: a login that comes later finds it written.
    private void issueInSteps(LeaseRow row, List<String> login, List<JournalEntry> begun, JournalEntry done)
            throws SQLException {
        refuseStopped(row);
        again(() -> write(row, List.of(), and(begun, done.begun())), row.lease().id());
        for (var sql : login) {
            alter(sql);
        }
        refuseStopped(row);
    }

    private static List<JournalEntry> and(List<JournalEntry> entries, JournalEntry last) {
        return Stream.concat(entries.stream(), Stream.of(last)).toList();
    }

    private void refuseStopped(LeaseRow row) throws SQLException {
        if (row.purpose() == LeaseRow.Purpose.PROBE) {
            return;
        }
        try (var statement = connection.prepareStatement(queries.text("stopped"))) {
            statement.setString(1, row.lease().agent());
            try (var answer = statement.executeQuery()) {
                if (answer.next()) {
                    throw stopped(answer.getString(1));
                }
            }
        }
    }

    /// Outside any transaction; tried again while another session is in the way.
    private void alter(String sql) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (var statement = connection.createStatement()) {
                statement.execute(sql);
                return;
            } catch (SQLException failed) {
                if (attempt == ATTEMPTS || !Answers.isOneOf(queries.answers().collided(), failed)) {
                    throw failed;
                }
            }
        }
    }

    /// @return the number of the next parameter
    private static int bind(PreparedStatement statement, LeaseRow row) throws SQLException {
        var lease = row.lease();
        statement.setString(1, lease.id());
        statement.setString(2, lease.agent());
        statement.setString(3, lease.login().value());
        statement.setObject(4, Ledger.offset(lease.issuedAt()));
        statement.setObject(5, Ledger.offset(lease.expiresAt()));
        statement.setString(6, lease.digest());
        statement.setString(7, row.storePath());
        statement.setString(8, row.purpose().name());
        statement.setInt(9, key(lease.id()));
        return 10;
    }

    /// A claim outlives the transaction that failed; one that cannot be given back has ended with its
    /// session.
    private void giveBack(String lease, Exception failed) {
        try {
            release(lease);
        } catch (SQLException lost) {
            failed.addSuppressed(lost);
        }
    }

    /// Says that the store holds the lease, and gives the claim back.
    ///
    /// @return false if the lease was not waiting for that any more: somebody took it for an orphan and ended
    /// it
    public boolean published(String lease, long version, JournalEntry entry) throws SQLException {
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(
                        Transaction.committing(queries.text("published"), queries.text("append")))) {
            statement.setLong(1, version);
            statement.setString(2, lease);
            statement.setInt(3, key(lease));
            Journal.bind(statement, 4, entry);
            transaction.run(statement);
            // Some drivers count the rows of an update before they hand out the answer.
            while (statement.getResultSet() == null && statement.getUpdateCount() >= 0) {
                statement.getMoreResults();
            }
            try (var row = statement.getResultSet()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /// Says that the login is gone.
    public void ended(String lease, Instant at, JournalEntry entry) throws SQLException {
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(
                        Transaction.committing(queries.text("ended"), queries.text("append")))) {
            statement.setObject(1, Ledger.offset(at));
            statement.setString(2, lease);
            Journal.bind(statement, 3, entry);
            transaction.run(statement);
        }
    }

    /// Lets leases end earlier: in the ledger and at the server, or in neither. Where the server has no
    /// transactions for that, the ledger knows it first.
    ///
    /// @param ends the new end of each lease, by its id
    /// @param login the statements that say so to the server
    public void shorten(Map<String, Instant> ends, List<String> login, List<JournalEntry> entries) throws SQLException {
        boolean together = queries.answers().transactional();
        var all = Stream.of(
                        ends.keySet().stream().map(_ -> queries.text("shorten")),
                        together ? inTurn(login) : Stream.<String>of(),
                        entries.stream().map(_ -> queries.text("append")))
                .flatMap(part -> part)
                .toArray(String[]::new);
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(Transaction.committing(all))) {
            int next = 1;
            for (var end : ends.entrySet()) {
                statement.setObject(next++, Ledger.offset(end.getValue()));
                statement.setString(next++, end.getKey());
            }
            Journal.bind(statement, next, entries);
            transaction.run(statement);
        }
        if (!together) {
            for (var sql : login) {
                alter(sql);
            }
        }
    }

    /// Whether a session is in the middle of issuing the lease, or keeps it for a program.
    public boolean isClaimed(String lease) throws SQLException {
        return ask("claimed", key(lease));
    }

    /// Asks for the sole right to rotate an agent's login, until it is released or the session ends.
    ///
    /// @return false while another session has it
    public boolean claimAgent(String agent) throws SQLException {
        return ask("claim-agent", agent.hashCode());
    }

    public void releaseAgent(String agent) throws SQLException {
        ask("release-agent", agent.hashCode());
    }

    /// Asks for the sole right to decide what becomes of a lease that was issued and not published.
    ///
    /// @return false while another session is in the middle of issuing it, or has just finished
    public boolean claim(String lease) throws SQLException {
        if (!ask("claim", key(lease))) {
            return false;
        }
        if (isIssued(lease)) {
            return true;
        }
        release(lease);
        return false;
    }

    private boolean isIssued(String lease) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("issued"))) {
            statement.setString(1, lease);
            try (var row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /// Gives a claim back.
    public void release(String lease) throws SQLException {
        ask("release", key(lease));
    }

    private boolean ask(String query, int key) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text(query))) {
            statement.setInt(1, key);
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /// Two leases with the same key only wait for each other.
    private static int key(String lease) {
        return lease.hashCode();
    }
}
