package dev.agentroles.engine.postgres;

import dev.agentroles.engine.Inspection;
import dev.agentroles.engine.Logins;
import dev.agentroles.engine.SchemaSession;
import dev.agentroles.engine.Server;
import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.engine.Statement;
import dev.agentroles.engine.Survey;
import dev.agentroles.engine.Target;
import dev.agentroles.engine.Witness;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An administrator's session on one PostgreSQL database.
final class PostgresServer implements Server {
    private static final int OLDEST = 150000;
    private static final int MEMBERSHIP_OPTIONS = 16;

    /// One number for all runs of agentroles on a database: "agentrol" in ASCII.
    private static final long LOCK = 0x6167656e74726f6cL;

    /// How long a statement of ours may run that waits for nobody.
    private static final Duration STATEMENT_PATIENCE = Duration.ofMinutes(5);

    /// Of statements that met others at work, and need not wait for them.
    private static final int TRIES = 4;

    /// Another run of the same statements may succeed.
    private static final Set<String> TRANSIENT =
            Set.of(SqlStates.SERIALIZATION_FAILURE, SqlStates.DEADLOCK_DETECTED, SqlStates.LOCK_NOT_AVAILABLE);

    private final Connection connection;
    private final Target target;
    private final ServerIdentity identity;
    private final boolean membershipOptions;
    private final Logins logins;

    private PostgresServer(Connection connection, Target target, ServerIdentity identity, boolean membershipOptions) {
        this.connection = connection;
        this.target = target;
        this.identity = identity;
        this.membershipOptions = membershipOptions;
        this.logins = new PostgresLogins(connection, target, identity.database(), membershipOptions);
    }

    static PostgresServer on(Connection connection, Target target) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(Sql.resource("identity.sql"))) {
            row.next();
            var identity = identity(row, target);
            refusePlanted(row.getString("planted"), identity.user(), target);
            return new PostgresServer(connection, target, identity, hasMembershipOptions(connection));
        }
    }

    /// On which server and in which database a session is.
    static ServerIdentity identity(Connection connection, Target target) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(Sql.resource("identity.sql"))) {
            row.next();
            return identity(row, target);
        }
    }

    private static ServerIdentity identity(ResultSet row, Target target) throws SQLException {
        if (row.getInt("version_number") < OLDEST) {
            throw Failure.error(Problem.of("database " + target.name() + " runs on PostgreSQL "
                            + row.getString("version") + ", and agentroles knows 15 and later")
                    .remedy("upgrade the server: older versions let every role create objects in schema public and"
                            + " have no parameter privileges to audit"));
        }
        if (!row.getBoolean("as_asked")) {
            throw Failure.refused(
                    Problem.of("database " + target.name() + " does not keep the settings of our session, as"
                                    + " behind a connection pooler, where our locks would be somebody else's as well")
                            .remedy("give the URL of PostgreSQL itself"));
        }
        return new ServerIdentity(
                "PostgreSQL",
                row.getString("version").split(" ", 2)[0],
                row.getString("identifier"),
                row.getString("database"),
                row.getString("administrator"),
                row.getBoolean("writable") ? Optional.empty() : ServerIdentity.NO_WRITES);
    }

    /// Whether what a membership gives is said with the membership.
    static boolean hasMembershipOptions(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() >= MEMBERSHIP_OPTIONS;
    }

    /// What stands in our schemas is read and run with the administrator's rights.
    private static void refusePlanted(@Nullable String planted, String administrator, Target target) {
        if (planted != null) {
            throw Failure.refused(Problem.of("on database " + target.name() + " " + planted
                            + ", who is neither the administrator of this profile (" + administrator
                            + ") nor a superuser: what is in it would run with " + administrator + "'s rights")
                    .remedy(
                            "log in as that role if it is the one that applies profiles here, or give the schema and all"
                                    + " that is in it to " + administrator
                                    + "; otherwise find out who made it and drop it"));
        }
    }

    @Override
    public ServerIdentity identity() {
        return identity;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    /// A statement that waits for a lock gives up while we still listen: it can be said then who holds it.
    @Override
    public void giveUpAfter(Duration patience) throws SQLException {
        Server.super.giveUpAfter(patience);
        try (var statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = "
                    + Math.max(1, patience.multipliedBy(2).dividedBy(3).toMillis()));
        }
    }

    @Override
    public void readOnly() throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
        }
    }

    /// In one snapshot: between two looks a login would come or go.
    @Override
    public Inspection inspect(Profile profile, Profile.DatabaseEntry entry) throws SQLException {
        var reader = new CatalogReader(connection, membershipOptions);
        try (var _ = Snapshot.of(connection)) {
            return new PostgresInspection(reader, reader.read(profile, entry), profile, entry);
        }
    }

    @Override
    public Survey survey() throws SQLException {
        try (var _ = Snapshot.of(connection)) {
            return new CatalogReader(connection, membershipOptions).survey();
        }
    }

    @Override
    public Logins logins() {
        return logins;
    }

    @Override
    public Witness witness() {
        return new Examination(connection);
    }

    @Override
    public boolean lock(Duration patience) throws SQLException {
        try (var statement = connection.createStatement();
                var _ = lockTimeout(statement, Math.max(1, patience.toMillis()))) {
            statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
            return true;
        } catch (SQLException refused) {
            if (LockHolders.isHeld(refused)) {
                return false;
            }
            throw refused;
        }
    }

    @Override
    public Optional<String> lockHolder() throws SQLException {
        try (var statement = connection.prepareStatement(Sql.resource("lock-holder.sql"))) {
            statement.setLong(1, LOCK);
            try (var row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString("holder")) : Optional.empty();
            }
        }
    }

    /// How long this session waits for a lock, until it is closed: then as long as before.
    private static SqlCloseable lockTimeout(java.sql.Statement statement, long milliseconds) throws SQLException {
        String before;
        try (var row = statement.executeQuery("SELECT current_setting('lock_timeout')")) {
            row.next();
            before = row.getString(1);
        }
        statement.execute("SET lock_timeout = " + milliseconds);
        return () -> statement.execute("SET lock_timeout = " + Sql.literal(before));
    }

    @Override
    public void unlock() throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_unlock(" + LOCK + ")");
        }
    }

    @Override
    public void execute(List<Statement> statements, Duration lockTimeout, Runnable done) throws SQLException {
        var together = new ArrayList<Statement>();
        for (var statement : statements) {
            if (statement.alone()) {
                wholly(together, lockTimeout, done);
                together.clear();
                wholly(List.of(statement), lockTimeout, done);
            } else {
                together.add(statement);
            }
        }
        wholly(together, lockTimeout, done);
    }

    /// What agents left that work under SERIALIZABLE: the guard does not clear it away then.
    @Override
    public void tidy() throws SQLException {
        try (var statement = connection.createStatement()) {
            boolean guarded;
            try (var row = statement.executeQuery(Sql.resource("guard-tidy.sql"))) {
                guarded = row.next();
            }
            if (guarded) {
                statement.executeUpdate(GuardSql.tidy());
            }
        }
    }

    /// All or nothing; what met another one's lock or row is tried again from the start.
    private void wholly(List<Statement> statements, Duration lockTimeout, Runnable done) throws SQLException {
        if (statements.isEmpty()) {
            return;
        }
        var turns = new LockTurns(lockTimeout);
        int met = 0;
        while (true) {
            try {
                transaction(statements, turns.turn());
                done.run();
                return;
            } catch (SQLException failed) {
                if (!passing(failed)) {
                    throw failed;
                }
                boolean again = LockHolders.isHeld(failed) ? turns.pause() : ++met < TRIES;
                if (!again) {
                    throw new Blockers(connection).named(failed, statements.getFirst());
                }
            }
        }
    }

    private void transaction(List<Statement> statements, Duration lockTimeout) throws SQLException {
        connection.setAutoCommit(false);
        try (var _ = (SqlCloseable) this::endTransaction;
                var batch = connection.createStatement()) {
            // A brace in SQL is no escape of JDBC's.
            batch.setEscapeProcessing(false);
            batch.addBatch("SET LOCAL lock_timeout = " + Math.max(1, lockTimeout.toMillis()));
            batch.addBatch("SET LOCAL statement_timeout = "
                    + STATEMENT_PATIENCE.plus(lockTimeout).toMillis());
            if (statements.getFirst().alone()) {
                // May be several commands in one text, which a batch does not take.
                batch.executeBatch();
                batch.execute(statements.getFirst().sql());
            } else {
                for (var statement : statements) {
                    batch.addBatch(statement.sql());
                }
                batch.executeBatch();
            }
            connection.commit();
        }
    }

    /// After a commit there is nothing to roll back.
    private void endTransaction() throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
    }

    private static boolean passing(SQLException failed) {
        for (var one : failed) {
            if (one instanceof SQLException sql) {
                var state = String.valueOf(sql.getSQLState());
                // Of the internal errors this one means that two GRANTs met in one catalog row.
                boolean met = state.equals(SqlStates.INTERNAL_ERROR)
                        && String.valueOf(sql.getMessage()).contains("tuple concurrently");
                if (met || TRANSIENT.contains(state)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public SchemaSession.Fate fate(Optional<String> handle) throws SQLException {
        return handle.isEmpty() ? SchemaSession.Fate.UNDONE : ChangeHandle.fate(connection, handle.get());
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    @Override
    public String toString() {
        return target.name();
    }
}
