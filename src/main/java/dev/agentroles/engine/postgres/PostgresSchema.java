package dev.agentroles.engine.postgres;

import dev.agentroles.engine.Rows;
import dev.agentroles.engine.SchemaDifference;
import dev.agentroles.engine.SchemaFact;
import dev.agentroles.engine.SchemaSession;
import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.engine.SqlCloseable;
import dev.agentroles.engine.StatementForm;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postgresql.util.PSQLException;

/// A session of the role that owns a schema. A name without a schema means what it means to that role at a prompt:
/// its own search path, by the settings of role, database and server, decides. A trial says where that led.
final class PostgresSchema implements SchemaSession {
    /// Not [SqlStates#ADMIN_SHUTDOWN]: a session that the server ended may have ended while the commit waited for a
    /// standby.
    private static final Set<String> LATER = Set.of(
            SqlStates.SERIALIZATION_FAILURE,
            SqlStates.DEADLOCK_DETECTED,
            SqlStates.LOCK_NOT_AVAILABLE,
            SqlStates.OBJECT_IN_USE);

    /// How much longer than the server we wait before we give it up.
    private static final Duration GRACE = Duration.ofSeconds(30);

    /// What a statement sets off may make a temporary table or type; a path that does not name `pg_temp` finds those
    /// before the catalogs (manual, 19.11.1).
    private static final String SERVERS_OWN = "SET LOCAL search_path = pg_catalog, pg_temp";

    private final Connection connection;
    private final ServerIdentity identity;

    /// Whether something has run outside a transaction: what it did before it failed is there.
    private boolean partly;

    PostgresSchema(Connection connection, ServerIdentity identity) {
        this.connection = connection;
        this.identity = identity;
    }

    @Override
    public ServerIdentity identity() {
        return identity;
    }

    @Override
    public Optional<String> excess() throws SQLException {
        var excess = Rows.read(connection, Sql.resource("owner-excess.sql"), row -> row.getString("excess"));
        return excess.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", excess));
    }

    /// The locks that the statement takes are held until the trial ends.
    @Override
    public Trial rehearse(String statement, StatementForm form, Bounds bounds) throws SQLException {
        form.mustBeFit();
        if (form.alone()) {
            return new Trial(
                    List.of(),
                    List.of("it runs outside a transaction only, so it was not tried: nothing could take it back"),
                    Optional.empty(),
                    Duration.ZERO);
        }
        try (var _ = bounded(bounds);
                var _ = transaction()) {
            execute(SERVERS_OWN);
            var before = SchemaFacts.read(connection);
            execute("SET LOCAL search_path TO DEFAULT; SET LOCAL client_min_messages = notice");
            var notes = new ArrayList<String>();
            notes.add("a name without a schema is looked for in: " + searchPath());
            long start = System.nanoTime();
            try {
                OneStatement.run(connection, statement).forEach(remark -> notes.add("the server says: " + remark));
                execute("SET CONSTRAINTS ALL IMMEDIATE");
            } catch (SQLException refused) {
                if (mayWorkLater(refused) || !connection.isValid((int) GRACE.toSeconds())) {
                    throw refused;
                }
                return new Trial(List.of(), notes, Optional.of(refused), since(start));
            }
            var took = since(start);
            return new Trial(difference(before), notes, Optional.empty(), took);
        }
    }

    private List<String> difference(List<SchemaFact> before) throws SQLException {
        execute(SERVERS_OWN);
        return SchemaDifference.lines(before, SchemaFacts.read(connection));
    }

    private String searchPath() throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT array_to_string(current_schemas(false), ', ')")) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void run(String statement, StatementForm form, Bounds bounds, HandleKeeper keeper) throws SQLException {
        form.mustBeFit();
        try (var _ = bounded(bounds)) {
            if (form.alone()) {
                keeper.keep(ChangeHandle.ofSession(connection));
                alone(statement);
            } else {
                wholly(statement, keeper);
            }
        }
    }

    /// While it waits for others nobody waits for it, so it may wait for as long as it may take.
    private void alone(String statement) throws SQLException {
        try (var _ = (SqlCloseable) () -> execute("SET search_path = pg_catalog")) {
            execute("SET search_path TO DEFAULT; SET lock_timeout = 0");
            partly = true;
            OneStatement.run(connection, statement);
        }
    }

    private void wholly(String statement, HandleKeeper keeper) throws SQLException {
        try (var _ = transaction()) {
            keeper.keep(ChangeHandle.ofTransaction(connection));
            execute("SET LOCAL search_path TO DEFAULT");
            OneStatement.run(connection, statement);
            connection.commit();
        }
    }

    /// After a commit there is nothing to roll back.
    private SqlCloseable transaction() throws SQLException {
        connection.setAutoCommit(false);
        return () -> {
            connection.rollback();
            connection.setAutoCommit(true);
        };
    }

    private SqlCloseable bounded(Bounds bounds) throws SQLException {
        connection.setNetworkTimeout(
                Runnable::run, (int) bounds.statement().plus(GRACE).toMillis());
        execute("SET lock_timeout = " + Math.max(1, bounds.lock().toMillis()));
        execute("SET statement_timeout = " + Math.max(1, bounds.statement().toMillis()));
        return () -> {
            if (!connection.isClosed()) {
                execute("SET lock_timeout = 0; SET statement_timeout = 0");
            }
        };
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /// What the driver says by itself belongs to class 08, and a server that ends says nothing of the statement.
    @Override
    public boolean refused(SQLException said) {
        var state = String.valueOf(said.getSQLState());
        return said instanceof PSQLException words && words.getServerErrorMessage() != null && !state.startsWith("57P");
    }

    @Override
    public boolean mayWorkLater(SQLException said) {
        return !partly && LATER.contains(String.valueOf(said.getSQLState()));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
