package dev.agentroles.cli;

import dev.agentroles.credential.StorePath;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// A shop with two agents and their profile `shop.yaml`, on whatever engine: the ground on which things go wrong.
interface LeaseGround extends AutoCloseable {
    TestDatabase database();

    Operator operator();

    /// Whose logins are looked at.
    String agent();

    /// Whose login is issued first.
    String other();

    /// Leases with other terms from now on.
    void terms(String terms) throws IOException;

    /// Runs a command that must end well.
    Operator.Said clean(String... arguments);

    StorePath path(String agent);

    Optional<Login> published(String agent);

    default Connection connect(String agent) throws SQLException {
        return database().connect(published(agent).orElseThrow());
    }

    boolean works(Login login);

    /// Whether what is published works, or is to be erased.
    default boolean publishedWorksOrIsOwed(String agent) throws SQLException {
        var login = published(agent);
        return login.isEmpty() || works(login.get()) || owed().contains("ERASE_SECRET " + path(agent));
    }

    /// As if the end of an agent's lease had come a minute ago.
    void expire(String agent, long version) throws SQLException;

    /// Somebody drops a login by hand.
    void drop(Login login) throws SQLException;

    /// The server ends all sessions of the administrator.
    void endOurSessions();

    List<String> logins() throws SQLException;

    List<String> owed() throws SQLException;

    /// Server and ledger know the same logins; nothing is owed, and the journal is whole.
    void serverAndLedgerAgree(String what) throws SQLException;

    /// What is published works, server and ledger agree, and nothing is left to reap or to apply.
    void everythingIsInOrder(String what) throws SQLException;

    @Override
    void close() throws SQLException;
}
