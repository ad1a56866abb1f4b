package dev.agentroles.engine;

import dev.agentroles.access.AccessState;
import dev.agentroles.problem.Problem;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /// What a statement is by its form alone: whether it is one change of a schema, and what a person should know
    /// of it. Asks no server.
    StatementForm form(String statement);

    /// Opens a session of the login that owns a schema.
    ///
    /// @throws SQLException as the driver says it; `describe` turns it into words
    SchemaSession schema(Target owner) throws SQLException;

    /// Logs in as an agent and tries what its tier promises and what it denies. Leaves nothing
    /// behind, even where something unexpected works: every statement is rolled back, and could do
    /// nothing by its form.
    ///
    /// @param login of the agent, short-lived
    /// @param subject as whom the login should count
    /// @param intended what the profile wants in this database, resolved
    /// @throws SQLException if the login itself is refused
    ProbeReport probe(Target login, Subject subject, AccessState intended) throws SQLException;

    /// All by which an agent may log in: where it finds its tables without naming a schema, which need not be
    /// where the administrator does.
    ///
    /// @param urls of the profile
    default Set<String> agentUrls(AgentUrls urls) {
        return urls.all();
    }

    /// What the server or the driver said, whose fault it is and what to do. Never a secret.
    Problem describe(SQLException said, Target target);

    /// Whether a session was refused for now: there are as many as there may be, of the server or of the account, or
    /// the server is about to start.
    boolean refusesForNow(SQLException said);

    /// Whether something was refused because whoever asked lacks a right.
    boolean refusesForWantOfRight(SQLException said);

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

    /// Why the guard of this family refuses.
    Set<Refusal> refusals();

    /// How an agent that may ask for schema changes asks.
    Asking asking();

    /// What this family's own programs read to log in: environment variables, the password among
    /// them, and `DATABASE_URL`.
    Map<String, String> clientEnvironment(Target login);

    /// The same with the password in a file; empty if this family's programs read none.
    default Optional<PasswordFile> passwordFile(Target login) {
        return Optional.empty();
    }

    /// Variables of a caller that would lead this family's own programs to another server or login.
    default Set<String> strayVariables() {
        return Set.of();
    }
}
