package dev.agentroles.engine.mysql;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.engine.Logins.LoginTerms;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one product of the family says in its own way. Everything else in this room is the same for both.
sealed interface Dialect permits MySqlDialect, MariaDbDialect {
    /// As the profile writes the engine: `mysql`.
    String engine();

    /// As people write it: `MySQL`.
    String product();

    /// The URL as the product's own driver wants it.
    String driverUrl(String url);

    /// Leads a session that has just been opened by that URL into its database, if it is not there yet.
    void enter(Connection connection, String database) throws SQLException;

    /// What the driver needs to be told, beside what all of them are.
    ///
    /// @param onThisMachine nothing lies between the server and us
    Map<String, String> settings(boolean onThisMachine);

    /// This dialect as a server speaks it.
    ///
    /// @param name of the profile's entry, for messages
    /// @throws dev.agentroles.problem.Failure if the server is another product, or too old
    Dialect on(Variables variables, String name);

    /// The variable that tells one server from another.
    String identityVariable();

    /// Which server this one is set up to follow, running or not, as far as the administrator may see that.
    Optional<String> source(Connection connection) throws SQLException;

    /// Whether a privilege on a database may have holes, and then the database's name is no pattern.
    boolean knowsPartialRevokes();

    /// Whether an account carries a text of its own. Where not, the ledger knows which are ours.
    boolean marksAccounts();

    /// Whether a column of a table can be kept from who may read another. MariaDB lets HANDLER read whole rows for
    /// them (seen on 10.11.18 and 11.8.9; MySQL refuses that).
    boolean hidesColumns();

    /// How the guarded views look.
    GuardForm guard();

    /// The resource of a query that the products write differently.
    String query(String name);

    /// The query of accounts, with the privileges that both products tell in the same way.
    default String accounts() {
        return query("accounts")
                .formatted(Sql.resource("account-privileges.sql").strip());
    }

    /// The server's own table of accounts, which tells at least `User` and `Host`.
    String accountTable();

    /// Of a row `u` of [#accountTable]: whether the account may log in.
    String unlocked();

    /// A role, as GRANT and REVOKE name it.
    String role(RoleName name);

    /// The statements that make a role without any right, with its mark.
    List<String> createRole(RoleName name, String mark);

    List<String> dropRole(RoleName name);

    /// The statements that make a login which acts as its agent role from its first moment. One statement
    /// where the product can say it in one.
    ///
    /// @param hosts from where it may come; one account for each
    List<String> createLogin(Lease lease, List<String> hosts, LoginTerms terms, Secret password);

    /// The statement by which a role that an account has acts whenever it logs in.
    String actAtLogin(RoleName role, String account);

    /// The bounds of a session that the product has no means for, by the profile's words.
    List<String> unboundable(SessionBounds bounds);

    /// Global privileges without which no administrator can do the work, as GRANT writes them.
    List<String> globalPrivileges();

    /// Whether giving a role to others is a global privilege; otherwise whoever made the role has it.
    boolean rolesNeedGlobalPrivilege();

    /// What else an administrator needs, `{privilege} ON {object}`.
    List<String> ownPrivileges();
}
