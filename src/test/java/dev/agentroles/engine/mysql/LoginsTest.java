package dev.agentroles.engine.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.access.Lease;
import dev.agentroles.access.Mark;
import dev.agentroles.access.Naming;
import dev.agentroles.access.RoleName;
import dev.agentroles.access.Secret;
import dev.agentroles.access.SessionBounds;
import dev.agentroles.engine.Logins.LoginTerms;
import dev.agentroles.engine.Logins.Proof;
import dev.agentroles.engine.Server;
import dev.agentroles.engine.Statement;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.OnEachMySql;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What a login of ours says of itself when it is tried.
@OnEachMySql
final class LoginsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @AutoClose
    private final MySqlDatabase database;

    @AutoClose
    private final Server session;

    private final RoleName agentRole;
    private final Secret password = Secret.of("correct-horse-battery-staple");

    LoginsTest(MySql server) throws SQLException {
        database = server.createDatabase();
        var engine = server.mariadb() ? MySqlEngine.mariadb() : MySqlEngine.mysql(new SecureRandom());
        session = engine.connect(database.target(database.administrator()));
        agentRole = Naming.agentRole(database.name(), "bot");
    }

    private RoleName login() throws SQLException {
        var lease = new Lease(
                "abc123",
                "bot",
                Naming.leaseLogin(database.name(), "bot", "abc123"),
                Lease.State.ISSUED,
                NOW,
                NOW.plus(Duration.ofHours(1)),
                "",
                Optional.empty());
        var mark = new Mark("test", database.name(), new Mark.Kind.LeaseLogin("bot", lease.id()));
        var terms = new LoginTerms(agentRole, mark.text(), 1, SessionBounds.NONE);
        try (var statement = session.connection().createStatement()) {
            statement.execute("CREATE ROLE " + Sql.identifier(agentRole));
            for (var sql : session.logins().createLogin(lease, terms, password)) {
                statement.execute(sql);
            }
        }
        database.execute("CREATE TABLE t (id int)", "GRANT SELECT ON t TO " + Sql.identifier(agentRole));
        return lease.login();
    }

    @Test
    void aLockedLoginCountsAsTurnedAway() throws SQLException {
        var login = login();
        assertThat(session.logins().prove(database.url(), login, password, agentRole))
                .isEqualTo(new Proof.Proven());

        database.execute("ALTER USER " + Sql.account(login, "%") + " ACCOUNT LOCK");

        assertThat(session.logins().prove(database.url(), login, password, agentRole))
                .isInstanceOfSatisfying(
                        Proof.Disproved.class,
                        disproved -> assertThat(disproved.verdict().certain())
                                .as(disproved.what())
                                .isTrue());
    }

    /// A replica that has the account and not yet its role says the same as one that never will.
    @Test
    void onlyWhereTheUrlLeadsToItsDatabaseMayALoginStillComeIn() throws SQLException {
        var login = login();
        var elsewhere = database.url().replace("/" + database.name(), "/" + database.name() + "_elsewhere");
        try (var statement = session.connection().createStatement()) {
            // MariaDB asks whoever made the role.
            statement.execute("REVOKE %s FROM %s".formatted(Sql.identifier(agentRole), Sql.account(login, "%")));
        }

        assertThat(verdict(database.url(), login, password)).isEqualTo(Proof.Verdict.NOT_YET);
        assertThat(verdict(database.url(), login, Secret.of("not-yet-replicated")))
                .isEqualTo(Proof.Verdict.NOT_YET);
        assertThat(verdict(elsewhere, login, password)).isEqualTo(Proof.Verdict.NEVER);
        assertThat(verdict(database.url().replaceFirst(":[0-9]+/", ":1/"), login, password))
                .isEqualTo(Proof.Verdict.UNREACHED);
    }

    private Proof.Verdict verdict(String url, RoleName login, Secret word) {
        return ((Proof.Disproved) session.logins().prove(url, login, word, agentRole)).verdict();
    }

    /// Guards are made in modes of their own.
    @Test
    void aStatementThatFailsLeavesTheSessionAsItBegan() throws SQLException {
        var begun = modes();
        var statements = Stream.concat(
                        GuardSql.statements(database.server().mariadb() ? "mariadb-core.sql" : "mysql-core.sql")
                                .stream()
                                .filter(sql -> sql.contains("SET ")),
                        Stream.of("SET sql_mode = 'NO_BACKSLASH_ESCAPES'", "no statement"))
                .map(sql -> new Statement(sql, List.of()))
                .toList();

        assertThatThrownBy(() -> session.execute(statements, Duration.ofSeconds(1), () -> {}))
                .isInstanceOf(SQLException.class);

        assertThat(modes()).isEqualTo(begun);
    }

    private String modes() throws SQLException {
        try (var statement = session.connection().createStatement();
                var row = statement.executeQuery("SELECT CONCAT(@@sql_mode, ' ', @@collation_connection)")) {
            row.next();
            return row.getString(1);
        }
    }
}
