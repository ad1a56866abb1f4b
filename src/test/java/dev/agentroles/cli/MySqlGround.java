package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import dev.agentroles.harness.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// A shop on MySQL or MariaDB with two agents, one of which writes under the guard, and an administrator
/// with the rights that `init` lists.
final class MySqlGround implements LeaseGround {
    static final String AGENT = "bot";
    static final String OTHER = "desk";

    final MySqlDatabase database;
    final Operator operator;

    MySqlGround(MySql server, Path directory) throws SQLException, IOException {
        database = server.createDatabase();
        database.execute(
                "CREATE TABLE orders (id int PRIMARY KEY, total int) ENGINE=InnoDB",
                "INSERT INTO orders VALUES (1, 42)");
        operator = new Operator(directory, database, database.administrator());
        terms("ttl: 1h, overlap: 10m");
    }

    @Override
    public TestDatabase database() {
        return database;
    }

    @Override
    public String ledger() {
        return "mysql";
    }

    @Override
    public Operator operator() {
        return operator;
    }

    @Override
    public String agent() {
        return OTHER;
    }

    /// Logins are issued in the order of the agents' names.
    @Override
    public String other() {
        return AGENT;
    }

    @Override
    public void terms(String terms) throws IOException {
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  orders: {database: %1$s, include: [%1$s.orders]}
                agents:
                  bot:
                    access: [{scope: orders, tier: explore}]
                    lease: {%2$s, connections: 20}
                  desk:
                    access: [{scope: orders, tier: writer, rows: 10}]
                    lease: {%2$s, connections: 20}
                """.formatted(database.name(), terms));
    }

    @Override
    public boolean works(Login login) {
        try (var session = database.connect(login);
                var statement = session.createStatement()) {
            return statement.execute("SELECT id FROM orders");
        } catch (SQLException refused) {
            return false;
        }
    }

    @Override
    public void expire(String which) throws SQLException {
        database.execute(
                "UPDATE agentroles.lease SET expires_at = NOW(6) - INTERVAL 1 MINUTE WHERE " + which,
                "UPDATE agentroles_guard.account SET expires_at = UNIX_TIMESTAMP() - 60 WHERE name IN"
                        + " (SELECT login FROM agentroles.lease WHERE %s)".formatted(which));
    }

    @Override
    public void drop(Login login) throws SQLException {
        database.execute("DROP USER '%s'@'%%'".formatted(login.username()));
    }

    @Override
    public List<String> sessions() throws SQLException {
        return database.query("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = '"
                + operator.administrator().username() + "'");
    }

    @Override
    public void endSession(String session) throws SQLException {
        database.execute("KILL " + session);
        while (sessions().contains(session)) {
            pause();
        }
    }

    @Override
    public boolean waits() throws SQLException {
        return !database.query("SELECT trx_id FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'")
                .isEmpty();
    }

    @Override
    public void pause() throws SQLException {
        database.execute("DO SLEEP(0.2)");
    }

    /// Its row of the guard is locked.
    @Override
    public AutoCloseable holdBack(String login) throws SQLException {
        var session = database.superuser();
        session.setAutoCommit(false);
        try (var statement = session.createStatement()) {
            statement.execute(
                    "SELECT name FROM agentroles_guard.account WHERE name = '%s' FOR UPDATE".formatted(login));
            return session;
        }
    }

    /// Accounts that log in.
    @Override
    public List<String> logins() throws SQLException {
        return database.query(
                "SELECT user FROM mysql.user WHERE user REGEXP '^ar_%s_[a-z]+_[0-9][0-9a-z]{7}$' ORDER BY 1"
                        .formatted(database.name()));
    }

    @Override
    public List<String> owed() throws SQLException {
        return database.query("SELECT CONCAT(work, ' ', object) FROM agentroles.owed ORDER BY 1");
    }

    /// As if that much time had passed since the leases were issued.
    void later(Duration time) throws SQLException {
        database.execute(
                "UPDATE agentroles.lease SET issued_at = issued_at - INTERVAL %1$d SECOND, expires_at = expires_at - INTERVAL %1$d SECOND"
                        .formatted(time.toSeconds()),
                "UPDATE agentroles_guard.account SET expires_at = expires_at - %d".formatted(time.toSeconds()));
    }

    @Override
    public void sameLogins(String what) throws SQLException {
        assertThat(logins())
                .as("%s: logins of the server, and those of the ledger", what)
                .isEqualTo(database.query("SELECT login FROM agentroles.lease WHERE state = 'PUBLISHED' ORDER BY 1"));
        assertThat(database.query("SELECT name FROM agentroles_guard.account ORDER BY 1"))
                .as("%s: logins that the guard lets through, and those of the server", what)
                .isEqualTo(logins());
    }
}
