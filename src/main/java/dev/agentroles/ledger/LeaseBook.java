package dev.agentroles.ledger;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The logins that are out. A lease that is being issued is claimed by the session that does it ([Claims]), so
/// that nobody takes it for an orphan.
public final class LeaseBook {
    private static final int ATTEMPTS = 10;

    private final Connection connection;
    private final Queries queries;
    private final Claims claims;

    LeaseBook(Connection connection, Queries queries, Claims claims) {
        this.connection = connection;
        this.queries = queries;
        this.claims = claims;
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

    /// Whether there ever was such a lease, over or not.
    public boolean knows(String lease) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("known"))) {
            statement.setString(1, lease);
            try (var row = statement.executeQuery()) {
                return row.next();
            }
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
    /// @param login without parameters; the first makes it, in nobody's way
    /// @param begun what the journal says before
    /// @param done what the journal says afterwards
    /// @param next what it says is begun then
    /// @throws Failure refused, if the environment is frozen or the agent revoked
    public void issue(
            LeaseRow row, List<String> login, List<JournalEntry> begun, JournalEntry done, List<JournalEntry> next)
            throws SQLException {
        try {
            if (queries.answers().transactional()) {
                again(
                        () -> write(row, login, all(begun, done, next)),
                        collided -> giveBack(row.lease().id(), collided));
            } else {
                issueInSteps(row, login, all(begun, done.begun(), next));
            }
        } catch (SQLException failed) {
            giveBack(row.lease().id(), failed);
            if (Answers.isOneOf(queries.answers().stopped(), failed)) {
                // What the server said begins with a word of its language, and the driver adds lines.
                refuseStopped(row, "");
                throw stopped("it was stopped a moment ago");
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

    /// @param between what must be undone before it is tried again
    private void again(Work work, Consumer<SQLException> between) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                work.run();
                return;
            } catch (SQLException failed) {
                if (attempt == ATTEMPTS || !Answers.isOneOf(queries.answers().collided(), failed)) {
                    throw failed;
                }
                between.accept(failed);
            }
        }
    }

    private static Failure stopped(String what) {
        return Failure.refused(
                Problem.of("no login is issued: " + what).remedy("agentroles thaw when the reason is gone"));
    }

    private void write(LeaseRow row, List<String> login, List<JournalEntry> entries) throws SQLException {
        var all = Stream.of(
                        login.stream().limit(1),
                        turn(login),
                        Stream.of(queries.text("issue")),
                        login.stream().skip(1),
                        entries.stream().map(_ -> queries.text("append")))
                .flatMap(part -> part)
                .toArray(String[]::new);
        try (var statement = connection.prepareStatement(Transaction.of(all))) {
            Journal.bind(statement, bind(statement, row), entries);
            Transaction.run(statement);
        }
    }

    /// Whether a lease may be issued is asked when it is our turn, so that nobody is stopped in between. The
    /// login is made before: others need not wait while the server works on its password.
    private Stream<String> turn(List<String> login) {
        return login.isEmpty() ? Stream.of() : Stream.of(queries.text("take-turn"));
    }

    /// A commit costs more than all the rest, so the journal says with the row that it began; that it was
    /// published is said later. Whoever stops the agent writes that down first and then closes the logins there
    /// are: a login that comes later finds it written.
    private void issueInSteps(LeaseRow row, List<String> login, List<JournalEntry> begun) throws SQLException {
        again(
                () -> write(row, List.of(), begun),
                collided -> giveBack(row.lease().id(), collided));
        // A login that collides is tried again whole. That happens on MySQL only, where its account is one statement.
        again(() -> refuseStopped(row, String.join(";\n", login) + ";\n"), _ -> {});
    }

    private static List<JournalEntry> all(List<JournalEntry> begun, JournalEntry done, List<JournalEntry> next) {
        return Stream.of(begun, List.of(done), next).flatMap(List::stream).toList();
    }

    /// @param before statements that go first, in the same round trip; may be empty
    private void refuseStopped(LeaseRow row, String before) throws SQLException {
        try (var statement = connection.prepareStatement(before + queries.text("stopped"))) {
            statement.setString(1, row.lease().agent());
            statement.execute();
            try (var answer = onlyResult(statement)) {
                answer.next();
                var why = answer.getString(1);
                if (why != null && row.purpose() != LeaseRow.Purpose.PROBE) {
                    throw stopped(why);
                }
            }
        }
    }

    private void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// The rows that one of several statements answered.
    static ResultSet onlyResult(PreparedStatement statement) throws SQLException {
        // Some drivers count the rows of an update before they hand out the answer.
        while (statement.getResultSet() == null && statement.getUpdateCount() >= 0) {
            statement.getMoreResults();
        }
        return statement.getResultSet();
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
        statement.setLong(9, Claims.leaseKey(lease.id()));
        return 10;
    }

    /// A claim outlives the transaction that failed; one that cannot be given back has ended with its
    /// session.
    private void giveBack(String lease, Exception failed) {
        try {
            claims.releaseLease(lease);
        } catch (SQLException lost) {
            failed.addSuppressed(lost);
        }
    }

    /// Says that the store holds the lease, and gives the claim back.
    ///
    /// @return false if the lease was not waiting for that any more: somebody took it for an orphan and ended
    /// it
    public boolean published(String lease, long version, JournalEntry entry) throws SQLException {
        try (var statement =
                connection.prepareStatement(Transaction.of(queries.text("published"), queries.text("append")))) {
            statement.setLong(1, version);
            statement.setString(2, lease);
            statement.setLong(3, Claims.leaseKey(lease));
            Journal.bind(statement, 4, entry);
            Transaction.run(statement);
            try (var row = onlyResult(statement)) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /// Says that the login is gone.
    public void ended(String lease, Instant at, JournalEntry entry) throws SQLException {
        try (var statement =
                connection.prepareStatement(Transaction.of(queries.text("ended"), queries.text("append")))) {
            statement.setObject(1, Ledger.offset(at));
            statement.setString(2, lease);
            Journal.bind(statement, 3, entry);
            Transaction.run(statement);
        }
    }

    /// Lets leases end earlier: in the ledger and at the server, or in neither. Where the server has no
    /// transactions for that it knows it first: a lease that the ledger says is over is over there, too, and
    /// what could not be said to the server is not said to the ledger either.
    ///
    /// @param ends the new end of each lease, by its id
    /// @param login the statements that say so to the server
    /// @param shortened what the journal says of each lease afterwards
    /// @param last what it says then
    public void shorten(
            Map<String, Instant> ends, List<String> login, List<JournalEntry> shortened, List<JournalEntry> last)
            throws SQLException {
        boolean together = queries.answers().transactional();
        if (!together && !login.isEmpty()) {
            new Journal(connection, queries)
                    .append(shortened.stream().map(JournalEntry::begun).toList());
            for (var sql : login) {
                run(sql);
            }
        }
        var entries = Stream.concat(shortened.stream(), last.stream()).toList();
        var all = Stream.of(
                        together ? turn(login) : Stream.<String>of(),
                        ends.keySet().stream().map(_ -> queries.text("shorten")),
                        together ? login.stream() : Stream.<String>of(),
                        entries.stream().map(_ -> queries.text("append")))
                .flatMap(part -> part)
                .toArray(String[]::new);
        try (var statement = connection.prepareStatement(Transaction.of(all))) {
            int next = 1;
            for (var end : ends.entrySet()) {
                statement.setObject(next++, Ledger.offset(end.getValue()));
                statement.setString(next++, end.getKey());
            }
            Journal.bind(statement, next, entries);
            Transaction.run(statement);
        }
    }
}
