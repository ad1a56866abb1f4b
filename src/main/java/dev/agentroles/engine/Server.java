package dev.agentroles.engine;

import dev.agentroles.profile.Profile;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// An administrator's session on one database. Not for several threads.
public interface Server extends AutoCloseable {
    ServerIdentity identity();

    /// The session itself, for the ledger.
    Connection connection();

    /// How long an answer may take from now on. Where the server says itself that others hold what we want, it
    /// does so before.
    default void giveUpAfter(Duration patience) throws SQLException {
        connection().setNetworkTimeout(Runnable::run, (int) patience.toMillis());
    }

    /// From now on the server refuses this session every change.
    void readOnly() throws SQLException;

    /// Looks at the catalogs.
    Inspection inspect(Profile profile, Profile.DatabaseEntry entry) throws SQLException;

    /// Looks at what there is, without a profile. A fixed number of queries.
    Survey survey() throws SQLException;

    /// The logins of this database, in the same session.
    Logins logins();

    /// Who can do what here, by the catalogs.
    Witness witness();

    /// Takes the one lock that all changing runs on this database share; it ends with the session or with
    /// `unlock`.
    ///
    /// @param patience how long to wait for another run
    /// @return false when another run still holds it
    boolean lock(Duration patience) throws SQLException;

    /// Who holds that lock, in words: `session 4711 of ops_admin`. Any login can take it, an agent's too.
    ///
    /// @return empty if nobody does any more
    Optional<String> lockHolder() throws SQLException;

    void unlock() throws SQLException;

    /// Runs the statements in their order: those that stand alone in a transaction each, those between them
    /// in one where the engine has them. Bounded by lock and statement timeouts; what met another's lock is
    /// tried again. What has been done alone stays done if a later one fails.
    ///
    /// @param lockTimeout how long a part waits for others' locks, in all
    /// @param done told of each part that stays done
    /// @throws java.sql.SQLTransientException where others hold what a statement needs, and no transaction
    /// holds the statements together
    void execute(List<Statement> statements, Duration lockTimeout, Runnable done) throws SQLException;

    /// Clears away what ended transactions left in objects of ours, where these do not do it by themselves.
    default void tidy() throws SQLException {}

    /// What became of a run of [SchemaSession] that nobody saw the end of.
    ///
    /// @param handle that was kept before the statement was sent; empty: it was not sent
    SchemaSession.Fate fate(Optional<String> handle) throws SQLException;

    @Override
    void close() throws SQLException;
}
