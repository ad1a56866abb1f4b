package dev.agentroles.ledger;

import dev.agentroles.engine.Rendering.MissingRight;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/// The `agentroles` schema of one database, through an administrator's session: which environment this is,
/// which logins are out, what was done. Works outside a transaction, and leaves the session as it found it.
/// Not for several threads.
public final class Ledger {
    /// The version that this program writes and reads.
    public static final int VERSION = 2;

    private final Connection connection;
    private final Queries queries;

    private Ledger(Connection connection, Queries queries) {
        this.connection = connection;
        this.queries = queries;
    }

    /// @param connection in auto-commit mode; stays open, and the caller's
    /// @param engine whose statements it speaks: `postgresql`
    public static Ledger on(Connection connection, String engine) {
        return new Ledger(connection, new Queries(engine));
    }

    /// One query, whatever there is.
    public LedgerState look() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(queries.text("look"))) {
            row.next();
            int version = row.getInt("version");
            return version == 0
                    ? new LedgerState.Absent()
                    : new LedgerState.Present(version, stamp(row), freeze(row), instant(row, "server_time"));
        } catch (SQLException refused) {
            var answers = queries.answers();
            if (Answers.isOneOf(answers.absent(), refused)) {
                return new LedgerState.Absent();
            }
            if (Answers.isOneOf(answers.forbidden(), refused)) {
                throw notOurs(rights());
            }
            throw refused;
        }
    }

    private static Optional<Stamp> stamp(ResultSet row) throws SQLException {
        var environment = row.getString("environment");
        return environment == null
                ? Optional.empty()
                : Optional.of(new Stamp(
                        environment,
                        row.getString("entry"),
                        row.getString("server_identifier"),
                        row.getString("database_name"),
                        instant(row, "made_at"),
                        row.getString("tool_version")));
    }

    private static Optional<StoppedBy> freeze(ResultSet row) throws SQLException {
        var by = row.getString("frozen_by");
        return by == null
                ? Optional.empty()
                : Optional.of(new StoppedBy(by, instant(row, "frozen_at"), row.getString("reason")));
    }

    /// What the administrator lacks to make or keep the ledger, with the statement that a database
    /// administrator must run; empty if nothing.
    public Optional<MissingRight> missingRight() throws SQLException {
        var rights = rights();
        return rights.obstacle().map(what -> new MissingRight(what, List.of(rights.cure())));
    }

    /// Makes the ledger, or brings it to [#VERSION]. Does nothing, and starts no Flyway, where it is current.
    /// Not for several at once: whoever calls it holds the database's lock ([dev.agentroles.engine.Server#lock]).
    public void migrate() throws SQLException {
        var found = look();
        if (isCurrent(found)) {
            return;
        }
        var missing = missingRight();
        if (missing.isPresent()) {
            throw Failure.error(Problem.of(missing.get().what())
                    .remedy(String.join("\n", missing.get().cure())));
        }
        if (queries.answers().transactional() && found.versionOrZero() == 0) {
            Migration.rehearse(connection, queries.text("rehearse"), queries.answers());
        }
        Migration.run(connection, queries.migrations(), found.versionOrZero(), queries.answers());
    }

    private static boolean isCurrent(LedgerState state) {
        refuseNewer(state);
        return state.versionOrZero() == VERSION;
    }

    /// Ends the run where a newer program has been.
    static void refuseNewer(LedgerState state) {
        if (state.versionOrZero() > VERSION) {
            throw Failure.refused(Problem.of("the ledger of this database is version " + state.versionOrZero()
                            + ", and this agentroles knows version " + VERSION + " and older")
                    .remedy("use the newer agentroles that upgraded it"));
        }
    }

    /// Writes the stamp.
    ///
    /// @return false if there is one already, which stays
    public boolean stamp(Stamp stamp) throws SQLException {
        try (var statement = connection.prepareStatement(queries.text("stamp"))) {
            statement.setString(1, stamp.environment());
            statement.setString(2, stamp.entry());
            statement.setString(3, stamp.serverIdentifier());
            statement.setString(4, stamp.database());
            statement.setObject(5, offset(stamp.madeAt()));
            statement.setString(6, stamp.toolVersion());
            return statement.executeUpdate() == 1;
        }
    }

    /// Whether the session has ended, so that nothing more can be done on it.
    public boolean isLost() throws SQLException {
        return connection.isClosed();
    }

    /// Whether the server refused for want of a right.
    public boolean forbids(SQLException said) {
        return Answers.isOneOf(queries.answers().forbidden(), said);
    }

    /// The logins that are out.
    public LeaseBook leases() {
        return new LeaseBook(connection, queries, claims());
    }

    /// Which session has what in hand.
    public Claims claims() {
        return new Claims(connection, queries);
    }

    /// What was done.
    public Journal journal() {
        return new Journal(connection, queries);
    }

    /// Who may be issued nothing.
    public Stops stops() {
        return new Stops(connection, queries);
    }

    /// What must still be done.
    public OwedBook owed() {
        return new OwedBook(connection, queries);
    }

    /// Schema changes that wait for a person, or have had one. Only where [LedgerState.Present#keepsChanges].
    public ChangeBook changes() {
        return new ChangeBook(connection, queries);
    }

    /// Texts that were accepted.
    public Definitions definitions() {
        return new Definitions(connection, queries);
    }

    private Rights rights() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(queries.text("rights"))) {
            row.next();
            return new Rights(
                    row.getString("asker"),
                    row.getString("database_name"),
                    Optional.ofNullable(row.getString("obstacle")),
                    row.getString("unreadable"),
                    row.getString("cure"));
        }
    }

    private static Failure notOurs(Rights rights) {
        return Failure.error(Problem.of(rights.asker() + " may not read the ledger of database " + rights.database()
                        + ": " + rights.unreadable())
                .remedy("log in as the role that made it, or have a database administrator run: " + rights.cure()));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static OffsetDateTime offset(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /// @param obstacle to making or keeping the ledger; empty if there is none
    /// @param unreadable why the ledger cannot be read, where it cannot
    /// @param cure the statement that helps in either case
    private record Rights(String asker, String database, Optional<String> obstacle, String unreadable, String cure) {}
}
