package dev.agentroles.engine.mysql;

import dev.agentroles.engine.SchemaSession;
import dev.agentroles.engine.ServerIdentity;
import dev.agentroles.engine.StatementForm;
import dev.agentroles.engine.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// A session of the account that owns a schema. A name without a database means the one that the profile's URL leads
/// to. What it runs it runs in a second session, in which the server takes one statement at a time; from the first
/// one it can end that.
final class MySqlSchema implements SchemaSession {
    private final Connection watch;
    private final Target owner;
    private final Dialect dialect;
    private final ServerIdentity identity;

    /// @param watch the session that watches the other
    MySqlSchema(Connection watch, Target owner, Dialect dialect, ServerIdentity identity) {
        this.watch = watch;
        this.owner = owner;
        this.dialect = dialect;
        this.identity = identity;
    }

    @Override
    public ServerIdentity identity() {
        return identity;
    }

    @Override
    public Optional<String> excess() throws SQLException {
        try (var session = Session.open(owner, dialect)) {
            return OwnerPowers.excess(session);
        }
    }

    @Override
    public Trial rehearse(String statement, StatementForm form, Bounds bounds) throws SQLException {
        form.mustBeFit();
        return new Rehearsal(watch, owner, dialect, identity.database(), bounds)
                .of(statement, form, this::mayWorkLater);
    }

    /// The server ends a transaction at each statement that changes a schema, and cannot tell afterwards what became
    /// of it: only, while it goes on, that it does.
    @Override
    public void run(String statement, StatementForm form, Bounds bounds, HandleKeeper keeper) throws SQLException {
        form.mustBeFit();
        try (var worker = Worker.begin(owner, dialect, watch, bounds)) {
            keeper.keep(worker.session());
            worker.run(statement);
        }
    }

    /// What the driver says by itself has no number or belongs to class 08.
    @Override
    public boolean refused(SQLException said) {
        return said.getErrorCode() != 0
                && said.getErrorCode() != ServerErrors.ER_SERVER_SHUTDOWN
                && !String.valueOf(said.getSQLState()).startsWith("08");
    }

    @Override
    public boolean mayWorkLater(SQLException said) {
        return MySqlErrors.mayWorkLater(said);
    }

    @Override
    public void close() throws SQLException {
        watch.close();
    }
}
