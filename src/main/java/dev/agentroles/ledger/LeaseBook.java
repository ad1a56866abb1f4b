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
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The logins that are out. A lease that is being issued is claimed by the session that does it, so that
/// nobody takes it for an orphan; a claim ends with its session, however that dies.
public final class LeaseBook {
    /// PostgreSQL manual, appendix A: internal_error ("tuple concurrently updated"), serialization_failure,
    /// deadlock_detected. The transaction was rolled back, and the same again succeeds.
    private static final List<String> AGAIN = List.of("XX000", "40001", "40P01");

    private static final int ATTEMPTS = 10;

    /// What the ledger answers where nothing may be issued: [Stops].
    private static final String STOPPED = "AR001";

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
    /// in one round trip and its commit. What collides with another session is tried again.
    ///
    /// @param login without parameters
    /// @throws Failure refused, if the environment is frozen or the agent revoked
    public void issue(LeaseRow row, List<String> login, JournalEntry entry) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                issueOnce(row, login, entry);
                return;
            } catch (SQLException failed) {
                giveBack(row.lease().id(), failed);
                if (STOPPED.equals(failed.getSQLState())) {
                    throw stopped(failed);
                }
                if (attempt == ATTEMPTS || !AGAIN.contains(failed.getSQLState())) {
                    throw failed;
                }
            }
        }
    }

    private static Failure stopped(SQLException refused) {
        var what = String.valueOf(refused.getMessage()).lines().findFirst().orElse("");
        return Failure.refused(Problem.of("no login is issued: " + what.replaceFirst("^ERROR: ", ""))
                .remedy("agentroles thaw when the reason is gone"));
    }

    private void issueOnce(LeaseRow row, List<String> login, JournalEntry entry) throws SQLException {
        var all = Stream.of(Stream.of(queries.text("issue")), login.stream(), Stream.of(queries.text("append")))
                .flatMap(part -> part)
                .collect(Collectors.joining(";\n"));
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(all)) {
            var lease = row.lease();
            statement.setInt(1, key(lease.id()));
            statement.setString(2, lease.id());
            statement.setString(3, lease.agent());
            statement.setString(4, lease.login().value());
            statement.setObject(5, Ledger.offset(lease.issuedAt()));
            statement.setObject(6, Ledger.offset(lease.expiresAt()));
            statement.setString(7, lease.digest());
            statement.setString(8, row.storePath());
            statement.setString(9, row.purpose().name());
            Journal.bind(statement, 10, entry);
            statement.execute();
            transaction.commit();
        }
    }

    /// A claim outlives the transaction that failed; one that cannot be given back has ended with its
    /// session.
    private void giveBack(String lease, SQLException failed) {
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
                var statement = connection.prepareStatement(queries.together("published", "append"))) {
            statement.setLong(1, version);
            statement.setString(2, lease);
            statement.setInt(3, key(lease));
            Journal.bind(statement, 4, entry);
            statement.execute();
            boolean moved;
            try (var row = statement.getResultSet()) {
                row.next();
                moved = row.getBoolean(1);
            }
            transaction.commit();
            return moved;
        }
    }

    /// Says that the login is gone.
    public void ended(String lease, Instant at, JournalEntry entry) throws SQLException {
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(queries.together("ended", "append"))) {
            statement.setObject(1, Ledger.offset(at));
            statement.setString(2, lease);
            Journal.bind(statement, 3, entry);
            statement.execute();
            transaction.commit();
        }
    }

    /// Lets a lease end earlier: in the ledger and at the server, or in neither.
    ///
    /// @param login the statements that say so to the server
    public void shorten(String lease, Instant at, List<String> login, JournalEntry entry) throws SQLException {
        var all = Stream.of(Stream.of(queries.text("shorten")), login.stream(), Stream.of(queries.text("append")))
                .flatMap(part -> part)
                .collect(Collectors.joining(";\n"));
        try (var transaction = Transaction.begin(connection);
                var statement = connection.prepareStatement(all)) {
            statement.setObject(1, Ledger.offset(at));
            statement.setString(2, lease);
            Journal.bind(statement, 3, entry);
            statement.execute();
            transaction.commit();
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
