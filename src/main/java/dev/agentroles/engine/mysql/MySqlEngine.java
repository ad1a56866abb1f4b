package dev.agentroles.engine.mysql;

import dev.agentroles.access.AccessState;
import dev.agentroles.engine.AgentUrls;
import dev.agentroles.engine.Asking;
import dev.agentroles.engine.Engine;
import dev.agentroles.engine.ProbeReport;
import dev.agentroles.engine.Promises;
import dev.agentroles.engine.Refusal;
import dev.agentroles.engine.SchemaSession;
import dev.agentroles.engine.Server;
import dev.agentroles.engine.StatementForm;
import dev.agentroles.engine.Subject;
import dev.agentroles.engine.Target;
import dev.agentroles.problem.Problem;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// MySQL, or MariaDB.
public final class MySqlEngine implements Engine {
    private final Dialect dialect;

    private MySqlEngine(Dialect dialect) {
        this.dialect = dialect;
    }

    /// @param random for the salts of verifiers
    public static Engine mysql(SecureRandom random) {
        return new MySqlEngine(new MySqlDialect(random, false));
    }

    public static Engine mariadb() {
        return new MySqlEngine(new MariaDbDialect(false));
    }

    @Override
    public String name() {
        return dialect.engine();
    }

    /// Both products read the same statements.
    @Override
    public String ledger() {
        return "mysql";
    }

    @Override
    public Server connect(Target target) throws SQLException {
        var connection = Session.open(target, dialect);
        try {
            return MySqlServer.on(connection, target, dialect);
        } catch (SQLException | RuntimeException broken) {
            connection.close();
            throw broken;
        }
    }

    @Override
    public StatementForm form(String statement) {
        return StatementForms.JUDGE.form(statement);
    }

    @Override
    public SchemaSession schema(Target owner) throws SQLException {
        var connection = Session.open(owner, dialect);
        try {
            var variables = Variables.read(connection);
            var known = dialect.on(variables, owner.name());
            return new MySqlSchema(connection, owner, known, MySqlServer.identity(connection, known, variables));
        } catch (SQLException | RuntimeException broken) {
            connection.close();
            throw broken;
        }
    }

    /// A writer begins where the guarded views are, so that plain names lead to them.
    @Override
    public Set<String> agentUrls(AgentUrls urls) {
        var all = new HashSet<>(urls.all());
        all.addAll(urls.map(url -> MySqlUrl.in(url, GuardSql.viewsOf(MySqlUrl.database(url))))
                .all());
        return all;
    }

    @Override
    public ProbeReport probe(Target login, Subject subject, AccessState intended) throws SQLException {
        return new Prober(login, dialect, subject, intended).probe();
    }

    @Override
    public Problem describe(SQLException said, Target target) {
        return MySqlErrors.describe(said, target);
    }

    @Override
    public boolean refusesForNow(SQLException said) {
        return MySqlErrors.isFull(said);
    }

    @Override
    public boolean refusesForWantOfRight(SQLException said) {
        return MySqlErrors.isForWantOfRight(said);
    }

    @Override
    public List<String> administratorRights(String role, String database) {
        var account = Sql.literal(role) + "@'%'";
        var rights = new ArrayList<String>();
        rights.add("CREATE USER %s IDENTIFIED BY '...';".formatted(account));
        rights.add("GRANT %s ON *.* TO %s;".formatted(String.join(", ", dialect.globalPrivileges()), account));
        for (var own : dialect.ownPrivileges()) {
            rights.add("GRANT %s TO %s;".formatted(own, account));
        }
        rights.add("GRANT %s ON agentroles.* TO %s;  -- the ledger"
                .formatted(String.join(", ", Rights.ON_LEDGER), account));
        rights.add("GRANT EVENT ON agentroles.* TO %s;  -- for expiry_event: true".formatted(account));
        if (dialect.knowsPartialRevokes()) {
            rights.add("-- where partial_revokes is ON, write the names from here on without the backslashes:");
        }
        rights.add("-- for each schema that agents work in; _ and % in its name after a backslash:");
        rights.add("GRANT SELECT, INSERT, UPDATE, DELETE ON %s.* TO %s WITH GRANT OPTION;"
                .formatted(Sql.identifier(Like.escape(database)), account));
        rights.add(GuardRights.door(dialect.guard(), account) + ";  -- for request_changes: true");
        rights.addAll(GuardRights.statements(dialect.guard(), account, database));
        return List.copyOf(rights);
    }

    /// A schema is a database here.
    @Override
    public String usualSchema(String database) {
        return database;
    }

    @Override
    public Map<String, String> clientEnvironment(Target login) {
        return MySqlClient.environment(login);
    }

    @Override
    public Set<String> strayVariables() {
        return MySqlClient.STRAY;
    }

    @Override
    public Promises promises() {
        return MySqlPromises.table(dialect, dialect.engine().equals("mysql") ? MySqlTerms.MYSQL : MySqlTerms.MARIADB);
    }

    @Override
    public Asking asking() {
        return ChangeDoor.ASKING;
    }

    @Override
    public Set<Refusal> refusals() {
        return EnumSet.of(Refusal.AR001, Refusal.AR002, Refusal.AR005, Refusal.AR007);
    }
}
