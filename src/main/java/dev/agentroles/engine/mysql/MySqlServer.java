package dev.agentroles.engine.mysql;

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
import dev.agentroles.profile.Profile;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// An administrator's session on one server of the family.
final class MySqlServer implements Server {
    private static final String LOCK = "agentroles";

    private static final int TRIES = 4;

    private final Connection connection;
    private final Target target;
    private final Dialect dialect;
    private final Variables variables;
    private final ServerIdentity identity;
    private final Logins logins;

    private MySqlServer(
            Connection connection, Target target, Dialect dialect, Variables variables, ServerIdentity identity) {
        this.connection = connection;
        this.target = target;
        this.dialect = dialect;
        this.variables = variables;
        this.identity = identity;
        this.logins = new MySqlLogins(connection, dialect, target, identity.database());
    }

    /// @param product as the profile says it
    static MySqlServer on(Connection connection, Target target, Dialect product) throws SQLException {
        var variables = Variables.read(connection);
        var dialect = product.on(variables, target.name());
        if (variables.logsStatements()) {
            // Where the log holds statements, the server refuses changes of rows under READ COMMITTED.
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        }
        var identity = identity(connection, dialect, variables);
        return new MySqlServer(connection, target, dialect, variables, identity);
    }

    /// On which server and in which database a session is.
    static ServerIdentity identity(Connection connection, Dialect dialect, Variables variables) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(Sql.resource("identity.sql"))) {
            row.next();
            return new ServerIdentity(
                    dialect.product(),
                    variables.version().split("-", 2)[0],
                    variables.text(dialect.identityVariable()).orElse("unknown"),
                    row.getString("database_name"),
                    row.getString("administrator"),
                    obstacle(connection, dialect, variables));
        }
    }

    /// A replica takes the writes of whoever may, unless somebody has set `read_only`: they would be here and
    /// nowhere else, and stop the replication when the source makes an account of the same name.
    private static Optional<String> obstacle(Connection connection, Dialect dialect, Variables variables)
            throws SQLException {
        if (variables.on("read_only") || variables.on("super_read_only") || variables.on("innodb_read_only")) {
            return ServerIdentity.NO_WRITES;
        }
        return dialect.source(connection)
                .map(source -> "is set up as a replica of " + source + " and takes writes all the same");
    }

    @Override
    public ServerIdentity identity() {
        return identity;
    }

    @Override
    public void readOnly() throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET SESSION TRANSACTION READ ONLY");
        }
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Inspection inspect(Profile profile, Profile.DatabaseEntry entry) throws SQLException {
        var catalog = new CatalogReader(connection, dialect, variables, identity.database()).read(profile, entry);
        return new MySqlInspection(catalog, profile, entry);
    }

    @Override
    public Survey survey() throws SQLException {
        return new CatalogReader(connection, dialect, variables, identity.database()).survey();
    }

    @Override
    public Logins logins() {
        return logins;
    }

    @Override
    public Witness witness() {
        return new Examination(connection, dialect, Hosts.of(target));
    }

    @Override
    public boolean lock(Duration patience) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT GET_LOCK(?, ?)")) {
            statement.setString(1, LOCK);
            statement.setLong(2, patience.plusMillis(999).toSeconds());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    @Override
    public Optional<String> lockHolder() throws SQLException {
        try (var statement = connection.prepareStatement(Sql.resource("lock-holder.sql"))) {
            statement.setString(1, LOCK);
            try (var row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString("holder")) : Optional.empty();
            }
        }
    }

    @Override
    public void unlock() throws SQLException {
        try (var statement = connection.prepareStatement("SELECT RELEASE_LOCK(?)")) {
            statement.setString(1, LOCK);
            statement.execute();
        }
    }

    /// The server ends a transaction at each of these statements, so each stands by itself and is tried
    /// again by itself.
    @Override
    public void execute(List<Statement> statements, Duration lockTimeout, Runnable done) throws SQLException {
        try (var statement = connection.createStatement();
                var _ = lockTimeout(statement, Math.max(1, lockTimeout.toSeconds()))) {
            // A brace in SQL is no escape of JDBC's.
            statement.setEscapeProcessing(false);
            for (var one : statements) {
                try {
                    execute(statement, one.sql());
                } catch (SQLException failed) {
                    asItBegan(statement, failed);
                    throw failed;
                }
                done.run();
            }
        }
    }

    /// The guard's routines are made in modes of their own, and what comes after them may not follow: other
    /// statements do.
    private static void asItBegan(java.sql.Statement statement, SQLException failed) {
        try {
            statement.execute("SET sql_mode = '" + Session.SQL_MODE
                    + "', collation_connection = COALESCE(@agentroles_collation, @@SESSION.collation_connection)");
        } catch (SQLException lost) {
            failed.addSuppressed(lost);
        }
    }

    /// How long this session waits for a lock, until it is closed: of a table's definition, and of a row.
    private static SqlCloseable lockTimeout(java.sql.Statement statement, long seconds) throws SQLException {
        statement.execute("SET lock_wait_timeout = " + seconds + ", innodb_lock_wait_timeout = " + seconds);
        return () ->
                statement.execute("SET lock_wait_timeout = DEFAULT, innodb_lock_wait_timeout = " + Session.ROW_WAIT);
    }

    /// After a deadlock another run of the same statement may succeed. Whoever waited for a lock has waited for as
    /// long as was asked for.
    private static void execute(java.sql.Statement statement, String sql) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                statement.execute(sql);
                return;
            } catch (SQLException failed) {
                if (attempt == TRIES || failed.getErrorCode() != ServerErrors.ER_LOCK_DEADLOCK) {
                    throw new LockHolders(statement.getConnection()).named(failed);
                }
            }
        }
    }

    /// The server keeps nothing by which it could tell how a session ended. A statement is sent after its session's
    /// number was kept.
    @Override
    public SchemaSession.Fate fate(Optional<String> handle) throws SQLException {
        if (handle.isEmpty()) {
            return SchemaSession.Fate.UNDONE;
        }
        try (var query = connection.prepareStatement(Sql.resource("works.sql"))) {
            query.setString(1, handle.get());
            try (var row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1) ? SchemaSession.Fate.RUNNING : SchemaSession.Fate.UNKNOWN;
            }
        }
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
