package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.credential.StorePath;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.MySqlDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A shop on MySQL or MariaDB with two agents, and an administrator with the rights that `init` lists.
final class MySqlGround implements AutoCloseable {
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

    /// Leases with other terms from now on.
    void terms(String terms) throws IOException {
        operator.write("shop.yaml", operator.head("production") + """
                scopes:
                  orders: {database: %1$s, include: [%1$s.orders]}
                agents:
                  bot:
                    access: [{scope: orders, tier: explore}]
                    lease: {%2$s, connections: 20}
                  desk:
                    access: [{scope: orders, tier: ddl-denied}]
                    lease: {%2$s, connections: 20}
                """.formatted(database.name(), terms));
    }

    Operator.Said clean(String... arguments) {
        return ends(0, arguments);
    }

    Operator.Said ends(int code, String... arguments) {
        var said = operator.run(arguments);
        assertThat(said.code()).as(said.out() + said.err()).isEqualTo(code);
        return said;
    }

    Optional<Login> published(String agent) {
        try (var store = operator.store()) {
            return store.read(new StorePath("agents/production/" + database.name() + "/" + agent))
                    .held()
                    .map(held ->
                            new Login(held.secret().username(), held.secret().password()));
        }
    }

    Connection connect(String agent) throws SQLException {
        return database.connect(published(agent).orElseThrow());
    }

    boolean works(Login login) {
        try (var session = database.connect(login);
                var statement = session.createStatement()) {
            return statement.execute("SELECT id FROM orders");
        } catch (SQLException refused) {
            return false;
        }
    }

    /// Accounts that log in.
    List<String> logins() throws SQLException {
        return database.query(
                "SELECT user FROM mysql.user WHERE user REGEXP '^ar_%s_[a-z]+_[0-9][0-9a-z]{7}$' ORDER BY 1"
                        .formatted(database.name()));
    }

    List<String> owed() throws SQLException {
        return database.query("SELECT CONCAT(work, ' ', object) FROM agentroles.owed ORDER BY 1");
    }

    /// As if that much time had passed since the leases were issued.
    void later(Duration time) throws SQLException {
        database.execute(
                "UPDATE agentroles.lease SET issued_at = issued_at - INTERVAL %1$d SECOND, expires_at = expires_at - INTERVAL %1$d SECOND"
                        .formatted(time.toSeconds()));
    }

    /// What is published works; server and ledger know the same logins; nothing is owed, nothing is left to
    /// reap, and the journal is whole.
    void everythingIsInOrder(String what) throws SQLException {
        assertThat(operator.run("reap", "shop.yaml").out()).as(what).isEqualTo("Nothing to reap.\n");
        for (var agent : List.of(AGENT, OTHER)) {
            assertThat(works(published(agent).orElseThrow()))
                    .as("%s: what %s reads works", what, agent)
                    .isTrue();
        }
        assertThat(logins())
                .as("%s: logins of the server, and those of the ledger", what)
                .isEqualTo(database.query("SELECT login FROM agentroles.lease WHERE state = 'PUBLISHED' ORDER BY 1"));
        assertThat(database.query("SELECT id FROM agentroles.lease WHERE state = 'ISSUED'"))
                .as(what)
                .isEmpty();
        assertThat(owed()).as(what).isEmpty();
        assertThat(clean("log", "shop.yaml", "--last", "0").out()).as(what).isNotEmpty();
        assertThat(operator.run("plan", "shop.yaml").code()).as(what).isZero();
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
