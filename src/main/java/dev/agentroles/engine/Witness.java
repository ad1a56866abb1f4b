package dev.agentroles.engine;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.RoleName;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What the catalogs of one database say about who can do what. Reads with a fixed number of queries and writes
/// nothing.
public interface Witness {
    /// Says whose power will be asked for, each time with the same intentions: what is the same for several of them is
    /// then read once, as of the first question about it.
    void expect(Collection<RoleName> roles) throws SQLException;

    /// Holds what the subject can do or become against what it should.
    ///
    /// @param intended what the profile wants in this database, resolved; what concerns others is left aside
    Testimony examine(Subject subject, AccessState intended) throws SQLException;

    /// All that one role can do.
    ///
    /// @param builtin whether functions that the server ships for everybody are wanted, too: thousands
    /// @return empty if there is no such role
    Optional<Holdings> holdings(RoleName role, boolean builtin) throws SQLException;

    /// Attributes, roles of the server's own and administrative rights that a role has or can take on, in no order.
    ///
    /// @return empty if there is no such role, too
    List<ServerPower> serverPowers(RoleName role) throws SQLException;

    /// Every account and role that has a name, sorted by it.
    List<Account> accounts() throws SQLException;

    /// What the database has that is called so, whoever may use it.
    ///
    /// @return empty if there is nothing; several if the name does not say which one of them is meant
    List<NamedObject> named(ObjectName name) throws SQLException;

    /// What the database has of the kind that is meant, for whoever mistyped a name: as [Securable#display]
    /// writes it.
    List<String> namesLike(ObjectName name) throws SQLException;
}
