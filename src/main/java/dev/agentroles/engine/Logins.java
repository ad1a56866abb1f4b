package dev.agentroles.engine;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.access.SessionBounds;
import java.sql.SQLException;
import java.util.List;

/// The logins of one database: made, proven, ended. What a lease needs of a server, and no more.
public interface Logins {
    /// The statements that make `lease` a login of its agent, with a verifier in place of the password. Run by the
    /// ledger's transaction, so that the login and its row stand or fall together.
    List<String> createLogin(Lease lease, LoginTerms terms, Secret password) throws SQLException;

    /// Logs in as an agent would, and looks around without writing anything.
    ///
    /// @param agentRole whose power the login must have
    Proof prove(RoleName login, Secret password, RoleName agentRole);

    /// Ends a login: no new session, the open ones ended, the role dropped. Absent is as good as dropped.
    ///
    /// @throws dev.agentroles.problem.Failure refused, if the role does not carry the mark of a lease
    void dropLogin(RoleName login) throws SQLException;

    /// The leases that the server has, by their marks.
    ///
    /// @param database the entry's name in the profile
    List<LeaseLogin> leaseLogins(String environment, String database) throws SQLException;

    /// @param agentRole whose member the login is
    /// @param connections how many sessions at once
    /// @param bounds a convenience: the agent can lift them
    record LoginTerms(RoleName agentRole, String mark, int connections, SessionBounds bounds) {}

    /// Whether a login does what it was made for.
    sealed interface Proof {
        record Proven() implements Proof {}

        /// @param what went wrong, in a clause; never a secret
        record Disproved(String what) implements Proof {}
    }
}
