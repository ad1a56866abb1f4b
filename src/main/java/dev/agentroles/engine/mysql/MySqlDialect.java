package dev.agentroles.engine.mysql;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.engine.Logins.LoginTerms;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// MySQL 8.0 and later.
///
/// @param marksAccounts since 8.0.21 an account has attributes
record MySqlDialect(boolean marksAccounts) implements Dialect {
    @Override
    public String engine() {
        return "mysql";
    }

    @Override
    public String product() {
        return "MySQL";
    }

    @Override
    public GuardForm guard() {
        return new MySqlGuard();
    }

    @Override
    public String driverUrl(String url) {
        return url;
    }

    /// Without TLS a new password is only accepted encrypted with the server's key, which somebody in
    /// between could replace: on this machine there is nobody.
    @Override
    public Map<String, String> settings(boolean onThisMachine) {
        return Map.of(
                "connectionTimeZone",
                "UTC",
                "allowPublicKeyRetrieval",
                Boolean.toString(onThisMachine),
                "connectionAttributes",
                "program_name:agentroles");
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
        return new MySqlDialect(variables.since(8, 0, 21));
    }

    @Override
    public String identityVariable() {
        return "server_uuid";
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

    /// Manual, 6.2.10: a role is an account that is locked and has no password. Made as one, it carries its
    /// mark from its first moment. The hash of nothing is given as such, because a rule for passwords would
    /// refuse an empty one.
    @Override
    public List<String> createRole(RoleName name, String mark) {
        return marksAccounts
                ? List.of("CREATE USER " + role(name)
                        + " IDENTIFIED WITH caching_sha2_password AS '' PASSWORD EXPIRE ACCOUNT LOCK" + attribute(mark))
                : List.of(LedgerMark.put(name, mark), "CREATE ROLE " + role(name));
    }

    @Override
    public List<String> dropRole(RoleName name) {
        return marksAccounts
                ? List.of("DROP ROLE " + role(name))
                : List.of("DROP ROLE " + role(name), LedgerMark.drop(name));
    }

    /// Manual, 15.7.1.3: all accounts of one statement come to be, or none; DEFAULT ROLE grants the role,
    /// too.
    @Override
    public List<String> createLogin(Lease lease, List<String> hosts, LoginTerms terms, Secret password) {
        var verifier = Sql.literal(CachingSha2.verifier(password));
        var accounts = hosts.stream()
                .map(host -> Sql.account(lease.login(), host) + " IDENTIFIED WITH caching_sha2_password AS " + verifier)
                .collect(Collectors.joining(", "));
        return List.of("CREATE USER " + accounts + " DEFAULT ROLE " + role(terms.agentRole())
                + " WITH MAX_USER_CONNECTIONS " + terms.connections() + (marksAccounts ? attribute(terms.mark()) : ""));
    }

    @Override
    public String actAtLogin(RoleName role, String account) {
        return "SET DEFAULT ROLE " + role(role) + " TO " + account;
    }

    /// A mark has no character that JSON would want escaped.
    private static String attribute(String mark) {
        return " ATTRIBUTE " + Sql.literal("{\"agentroles\": \"" + mark + "\"}");
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
