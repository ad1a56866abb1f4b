package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.access.AccessState;
import dev.agentroles.access.Finding;
import dev.agentroles.access.Grant;
import dev.agentroles.access.Guard;
import dev.agentroles.access.Membership;
import dev.agentroles.access.Privilege;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Securable;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.engine.Rule;
import dev.agentroles.engine.Subject;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One agent with one login, which may read one of two tables, made as `apply` makes them; and a witness
/// with the rights that `init` lists.
final class WitnessGround implements AutoCloseable {
    static final String AGENT = "bot";

    final MySqlDatabase database;
    final boolean mariadb;
    final Login login;
    final Login administrator;
    final Subject.AgentRole role;
    final Subject.Login subject;
    final Securable.Relation orders;
    final Securable.Relation secrets;

    /// As GRANT names them.
    final String tierSql;

    final String roleSql;
    final String loginSql;

    private final RoleName tier;

    /// From where the profile lets logins come.
    List<String> hosts = List.of("%");

    /// What the profile gives the tier.
    Set<Privilege> given = Set.of(Privilege.SELECT);

    WitnessGround(MySql server) throws SQLException {
        database = server.createDatabase();
        mariadb = server.mariadb();
        orders = new Securable.Relation(database.name(), "orders");
        secrets = new Securable.Relation(database.name(), "secrets");
        administrator = database.administrator();
        login = database.login("bot_1");
        tier = new RoleName(database.named("tier"));
        role = new Subject.AgentRole(new RoleName(database.named("bot")), AGENT);
        subject = new Subject.Login(
                new RoleName(login.username()),
                AGENT,
                role.role(),
                5,
                Instant.parse("2099-01-01T00:00:00Z"),
                SessionBounds.NONE);
        tierSql = dialect().role(tier);
        roleSql = dialect().role(role.role());
        loginSql = "'" + login.username() + "'@'%'";
        database.execute(
                "CREATE TABLE orders (id int PRIMARY KEY, total int)",
                "CREATE TABLE secrets (id int PRIMARY KEY, word varchar(20))",
                "INSERT INTO orders VALUES (1, 42)",
                "CREATE ROLE " + tierSql,
                "CREATE ROLE " + roleSql,
                "GRANT SELECT ON orders TO " + tierSql,
                "GRANT %s TO %s".formatted(tierSql, roleSql),
                "GRANT %s TO %s".formatted(roleSql, loginSql),
                "SET DEFAULT ROLE %s %s %s".formatted(roleSql, mariadb ? "FOR" : "TO", loginSql),
                "ALTER USER %s WITH MAX_USER_CONNECTIONS 5".formatted(loginSql));
    }

    Dialect dialect() {
        return mariadb ? new MariaDbDialect(false) : new MySqlDialect(new SecureRandom(), false);
    }

    /// Of another of the test's accounts or roles.
    String sql(String name) {
        return dialect().role(new RoleName(name));
    }

    String administratorSql() {
        return "'" + administrator.username() + "'@'%'";
    }

    void execute(String... statements) throws SQLException {
        database.execute(statements);
    }

    AccessState state() {
        var grants = new ArrayList<Grant>();
        given.forEach(privilege -> grants.add(Grant.of(tier, privilege, orders)));
        return new AccessState(
                Set.of(),
                Set.of(new Membership(tier, role.role(), true, false, false)),
                Set.copyOf(grants),
                Set.of(),
                Set.of(),
                Guard.NONE);
    }

    List<Finding> findings(Subject of) throws SQLException {
        try (var session = Session.open(database.target(administrator), dialect())) {
            return witness(session).examine(of, state()).findings();
        }
    }

    Examination witness(java.sql.Connection session) throws SQLException {
        return new Examination(session, dialect().on(Variables.read(session), database.name()), hosts);
    }

    /// What is found of the login, but for what nobody can see.
    List<Finding> findings() throws SQLException {
        return found(subject);
    }

    List<Finding> found(Subject of) throws SQLException {
        return findings(of).stream()
                .filter(finding -> !finding.code().equals(Rule.WITNESS_BLIND.code()))
                .toList();
    }

    /// Whatever is found of a rule is about what was asked, and its cure ends it.
    Finding cured(Rule rule, Subject of) throws SQLException {
        var first = findings(of, rule);
        assertThat(first).as("findings of %s", rule.code()).isNotEmpty();
        for (var finding : first) {
            assertThat(finding.mend()).as("cure of %s", finding.what()).isNotEmpty();
            execute(finding.mend().toArray(String[]::new));
        }
        assertThat(findings(of, rule)).as("after %s", first.getFirst().mend()).isEmpty();
        return first.getFirst();
    }

    Finding cured(Rule rule) throws SQLException {
        return cured(rule, subject);
    }

    List<Finding> findings(Subject of, Rule rule) throws SQLException {
        return found(of).stream()
                .filter(finding -> finding.code().equals(rule.code()))
                .toList();
    }

    /// The only finding of a rule.
    Optional<Finding> only(Rule rule) throws SQLException {
        var found = findings(subject, rule);
        assertThat(found).as("findings of %s", rule.code()).hasSizeLessThan(2);
        return found.stream().findFirst();
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
