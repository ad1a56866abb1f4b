package dev.agentroles.engine;

import dev.agentroles.access.AccessState;
import dev.agentroles.problem.Problem;
import dev.agentroles.profile.Profile;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// One server family. The rest of the program asks it, and never for a product name or a version.
public interface Engine {
    /// As the profile writes it: `postgresql`.
    String name();

    /// Whose statements the ledger speaks there: the name of their folder.
    default String ledger() {
        return name();
    }

    /// Opens an administrator's session.
    ///
    /// @throws SQLException as the driver says it; `describe` turns it into words
    Server connect(Target target) throws SQLException;

    /// Logs in as an agent and tries what its tier promises and what it denies. Leaves nothing
    /// behind, even where something unexpected works: every statement is rolled back, and could do
    /// nothing by its form.
    ///
    /// @param login of the agent, short-lived
    /// @param subject as whom the login should count
    /// @param intended what the profile wants in this database, resolved
    /// @throws SQLException if the login itself is refused
    ProbeReport probe(Target login, Subject subject, AccessState intended) throws SQLException;

    /// Where an agent finds its tables without naming a schema, if not where the administrator does.
    ///
    /// @param url of the profile
    /// @param written the scopes that the agent writes to under the guard
    default String agentUrl(String url, Collection<Profile.Scope> written) {
        return url;
    }

    /// What the server or the driver said, whose fault it is and what to do. Never a secret.
    Problem describe(SQLException said, Target target);

    /// The statements with which a database administrator makes an administrator for this tool that
    /// has what it needs and no more, with comments.
    ///
    /// @param role what to call it
    /// @param database the server's name of the database
    List<String> administratorRights(String role, String database);

    /// Where an application usually has its tables, for a first profile.
    ///
    /// @param database the server's name of the database
    String usualSchema(String database);

    /// What each tier promises here, how it is enforced and how it is probed.
    Promises promises();

    /// What this family's own programs read to log in: environment variables, the password among
    /// them, and `DATABASE_URL`.
    Map<String, String> clientEnvironment(Target login);
}
