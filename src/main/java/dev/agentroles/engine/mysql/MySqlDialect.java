package dev.agentroles.engine.mysql;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.engine.Logins.LoginTerms;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// MySQL 8.0 and later.
///
/// @param random for the salts of verifiers
/// @param marksAccounts since 8.0.21 an account has attributes
record MySqlDialect(SecureRandom random, boolean marksAccounts) implements Dialect {
    @Override
    public String engine() {
        return "mysql";
    }

    @Override
    public String product() {
        return "MySQL";
    }

    @Override
    public boolean hidesColumns() {
        return true;
    }

    @Override
    public GuardForm guard() {
        return new MySqlGuard();
    }

    @Override
    public String driverUrl(String url) {
        return url;
    }

    @Override
    public void enter(Connection connection, String database) {}

    /// Without TLS a new password is only accepted encrypted with the server's key, which somebody in
    /// between could replace: on this machine there is nobody. The driver remembers the `sql_mode` in which a
    /// session begins and quotes names by it for whoever asks, Flyway among them.
    @Override
    public Map<String, String> settings(boolean onThisMachine) {
        return Map.of(
                // The driver would ask the server before each change whether the session may make it.
                "readOnlyPropagatesToServer",
                "false",
                "connectionTimeZone",
                "UTC",
                "allowPublicKeyRetrieval",
                Boolean.toString(onThisMachine),
                "connectionAttributes",
                "program_name:agentroles",
                "sessionVariables",
                "sql_mode='" + Session.SQL_MODE + "'");
    }

    @Override
    public Dialect on(Variables variables, String name) {
        if (variables.mariadb()) {
            throw Failure.refused(Problem.of(
                            "database " + name + " is MariaDB " + variables.version() + ", and the profile says mysql")
                    .remedy("write engine: mariadb"));
        }
        if (!variables.since(8, 0, 11)) {
            throw Failure.error(Problem.of("database " + name + " runs on MySQL " + variables.version()
                            + ", and agentroles knows 8.0.11 and later")
                    .remedy("upgrade the server: older versions have no roles"));
        }
        return new MySqlDialect(random, variables.since(8, 0, 21));
    }

    @Override
    public String identityVariable() {
        return "server_uuid";
    }

    /// The plan asks for the right to read there.
    @Override
    public Optional<String> source(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query("source"))) {
            return row.next() ? Optional.of(row.getString("source")) : Optional.empty();
        } catch (SQLException refused) {
            if (refused.getErrorCode() == ServerErrors.ER_TABLEACCESS_DENIED_ERROR) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    @Override
    public boolean knowsPartialRevokes() {
        return true;
    }

    @Override
    public String query(String name) {
        return Sql.resource("mysql/" + name + ".sql");
    }

    @Override
    public String accountTable() {
        return "mysql.user";
    }

    @Override
    public String unlocked() {
        return "u.account_locked = 'N'";
    }

    @Override
    public String role(RoleName name) {
        return Sql.account(name, "%");
    }

    /// Manual, 6.2.10: a role is an account that is locked. Made as one, it carries its mark from its first
    /// moment. Of its password it has the verifier of none, because a rule for passwords refuses an empty one,
    /// and an empty verifier, too (validate_password, 9.7.4).
    @Override
    public List<String> createRole(RoleName name, String mark) {
        return marksAccounts
                ? List.of("CREATE USER %s IDENTIFIED WITH caching_sha2_password AS %s PASSWORD EXPIRE ACCOUNT LOCK %s"
                        .formatted(role(name), Sql.literal(CachingSha2.NONE), attribute(mark)))
                : List.of(LedgerMark.put(name, mark), "CREATE ROLE %s".formatted(role(name)));
    }

    @Override
    public List<String> dropRole(RoleName name) {
        var drop = "DROP ROLE %s".formatted(role(name));
        return marksAccounts ? List.of(drop) : List.of(drop, LedgerMark.drop(name));
    }

    /// Manual, 15.7.1.3: all accounts of one statement come to be, or none; DEFAULT ROLE grants the role,
    /// too. Its end stands in the ledger, so no rule of the server for the age of passwords
    /// (`default_password_lifetime`) makes it an earlier one.
    @Override
    public List<String> createLogin(Lease lease, List<String> hosts, LoginTerms terms, Secret password) {
        var verifier = Sql.literal(CachingSha2.verifier(password, random));
        var accounts = hosts.stream()
                .map(host -> "%s IDENTIFIED WITH caching_sha2_password AS %s"
                        .formatted(Sql.account(lease.login(), host), verifier))
                .collect(Collectors.joining(", "));
        return List.of("CREATE USER %s DEFAULT ROLE %s WITH MAX_USER_CONNECTIONS %d PASSWORD EXPIRE NEVER%s"
                .formatted(
                        accounts,
                        role(terms.agentRole()),
                        terms.connections(),
                        marksAccounts ? " " + attribute(terms.mark()) : ""));
    }

    @Override
    public String actAtLogin(RoleName role, String account) {
        return "SET DEFAULT ROLE %s TO %s".formatted(role(role), account);
    }

    /// A mark has no character that JSON would want escaped.
    private static String attribute(String mark) {
        return "ATTRIBUTE %s".formatted(Sql.literal("{\"agentroles\": \"%s\"}".formatted(mark)));
    }

    @Override
    public List<String> unboundable(SessionBounds bounds) {
        var words = new ArrayList<String>();
        bounds.idleTimeout().ifPresent(_ -> words.add("idle_timeout"));
        bounds.statementTimeout().ifPresent(_ -> words.add("statement_timeout"));
        bounds.maxSession().ifPresent(_ -> words.add("max_session"));
        return List.copyOf(words);
    }

    @Override
    public List<String> globalPrivileges() {
        return List.of("CREATE USER", "PROCESS", "ROLE_ADMIN", "CONNECTION_ADMIN", "XA_RECOVER_ADMIN");
    }

    @Override
    public boolean rolesNeedGlobalPrivilege() {
        return true;
    }

    @Override
    public List<String> ownPrivileges() {
        return List.of("SELECT ON mysql.*");
    }
}
