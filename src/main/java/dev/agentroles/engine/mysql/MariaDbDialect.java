package dev.agentroles.engine.mysql;

import dev.agentroles.access.Lease;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.engine.Logins.LoginTerms;
import dev.agentroles.problem.Failure;
import dev.agentroles.problem.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// MariaDB 10.11 and later.
///
/// @param ed25519 whether the server has the plugin of that name; otherwise passwords are kept as
/// `mysql_native_password` keeps them
record MariaDbDialect(boolean ed25519) implements Dialect {
    @Override
    public String engine() {
        return "mariadb";
    }

    @Override
    public String product() {
        return "MariaDB";
    }

    @Override
    public GuardForm guard() {
        return new MariaDbGuard();
    }

    /// Without the database: of a name that is not ASCII the driver (4.0.0) sends something else as a session
    /// begins.
    @Override
    public String driverUrl(String url) {
        return MySqlUrl.serverOfMariaDb(url);
    }

    @Override
    public void enter(Connection connection, String database) throws SQLException {
        connection.setCatalog(database);
    }

    /// The driver insists on TLS where the URL says nothing; a server on this machine may have none.
    @Override
    public Map<String, String> settings(boolean onThisMachine) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("timezone", "UTC");
        settings.put("connectionAttributes", "program_name:agentroles");
        if (onThisMachine) {
            settings.put("sslMode", "disable");
            settings.put("allowPublicKeyRetrieval", "true");
        }
        return settings;
    }

    @Override
    public Dialect on(Variables variables, String name) {
        if (!variables.mariadb()) {
            throw Failure.refused(Problem.of(
                            "database " + name + " is MySQL " + variables.version() + ", and the profile says mariadb")
                    .remedy("write engine: mysql"));
        }
        if (!variables.since(10, 11, 0)) {
            throw Failure.error(Problem.of("database " + name + " runs on MariaDB " + variables.version()
                            + ", and agentroles knows 10.11 and later")
                    .remedy("upgrade the server: older versions have no PUBLIC to audit, and are no longer"
                            + " mended"));
        }
        return new MariaDbDialect(variables.on("ed25519"));
    }

    @Override
    public String identityVariable() {
        return "server_uid";
    }

    @Override
    public boolean hidesColumns() {
        return false;
    }

    @Override
    public boolean marksAccounts() {
        return false;
    }

    /// Without REPLICA MONITOR only one that runs is seen.
    @Override
    public Optional<String> source(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            try (var row = statement.executeQuery("SHOW ALL SLAVES STATUS")) {
                return row.next()
                        ? Optional.of(row.getString("Master_Host") + ":" + row.getString("Master_Port"))
                        : Optional.empty();
            } catch (SQLException refused) {
                if (refused.getErrorCode() != ServerErrors.ER_SPECIFIC_ACCESS_DENIED_ERROR) {
                    throw refused;
                }
            }
            try (var row = statement.executeQuery(query("source"))) {
                return row.next() ? Optional.of(row.getString("source")) : Optional.empty();
            }
        }
    }

    @Override
    public boolean knowsPartialRevokes() {
        return false;
    }

    @Override
    public String query(String name) {
        return Sql.resource("mariadb/" + name + ".sql");
    }

    @Override
    public String accountTable() {
        return "mysql.global_priv";
    }

    /// The lock is a boolean in a JSON document; absent means open.
    @Override
    public String unlocked() {
        return "COALESCE(JSON_VALUE(u.Priv, '$.account_locked'), '0') NOT IN ('1', 'true')";
    }

    @Override
    public String role(RoleName name) {
        return Sql.identifier(name);
    }

    @Override
    public List<String> createRole(RoleName name, String mark) {
        return List.of(LedgerMark.put(name, mark), "CREATE ROLE %s".formatted(role(name)));
    }

    @Override
    public List<String> dropRole(RoleName name) {
        return List.of("DROP ROLE %s".formatted(role(name)), LedgerMark.drop(name));
    }

    /// One account after the other: a statement with several may end in the middle. Without its role an
    /// account can do nothing. Its end stands in the ledger, so no rule of the server for the age of passwords
    /// (`default_password_lifetime`) makes it an earlier one.
    @Override
    public List<String> createLogin(Lease lease, List<String> hosts, LoginTerms terms, Secret password) {
        var verifier = ed25519
                ? "ed25519 USING %s".formatted(Sql.literal(Ed25519.verifier(password)))
                : "mysql_native_password USING %s".formatted(Sql.literal(NativePassword.verifier(password)));
        var timeout = terms.bounds()
                .statementTimeout()
                .map(time -> " MAX_STATEMENT_TIME " + time.toMillis() / 1000.0)
                .orElse("");
        var statements = new ArrayList<String>();
        for (var host : hosts) {
            var account = Sql.account(lease.login(), host);
            statements.add("CREATE USER %s IDENTIFIED VIA %s WITH MAX_USER_CONNECTIONS %d%s PASSWORD EXPIRE NEVER"
                    .formatted(account, verifier, terms.connections(), timeout));
            statements.add("GRANT %s TO %s".formatted(role(terms.agentRole()), account));
            statements.add(actAtLogin(terms.agentRole(), account));
        }
        return List.copyOf(statements);
    }

    @Override
    public String actAtLogin(RoleName role, String account) {
        return "SET DEFAULT ROLE %s FOR %s".formatted(role(role), account);
    }

    @Override
    public List<String> unboundable(SessionBounds bounds) {
        var words = new ArrayList<String>();
        bounds.idleTimeout().ifPresent(_ -> words.add("idle_timeout"));
        bounds.maxSession().ifPresent(_ -> words.add("max_session"));
        return List.copyOf(words);
    }

    @Override
    public List<String> globalPrivileges() {
        return List.of("CREATE USER", "PROCESS", "CONNECTION ADMIN");
    }

    @Override
    public boolean rolesNeedGlobalPrivilege() {
        return false;
    }

    /// `SET DEFAULT ROLE ... FOR` another account asks for UPDATE on the server's own database (seen on
    /// 10.11 and 11.4). REPLICA MONITOR shows whether the server is a replica.
    @Override
    public List<String> ownPrivileges() {
        return List.of("SELECT, UPDATE ON mysql.*", "REPLICA MONITOR ON *.*");
    }
}
