package dev.agentroles.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The ground that the other tests stand on.
@OnEachPostgreSql
final class PostgreSqlTest {
    private final PostgreSql server;

    @AutoClose
    private final Database database;

    PostgreSqlTest(PostgreSql server) throws SQLException {
        this.server = server;
        this.database = server.createDatabase();
    }

    @Test
    void theServerIsOfTheVersionAskedFor() throws SQLException {
        assertThat(database.query("SELECT current_setting('server_version_num')::int / 10000"))
                .containsExactly(Integer.toString(server.major()));
    }

    @Test
    void theLogHoldsStatementsAndNoPassword() throws SQLException {
        var login = database.login("reader");

        database.execute("SELECT 'seen in the log'");

        assertThat(server.log())
                .contains("seen in the log")
                .contains(login.username())
                .doesNotContain(login.clear())
                .doesNotContain(server.superuserLogin().clear());
    }

    @Test
    void anAdministratorWithGrantOptionsGrantsWhatItDoesNotOwn() throws SQLException {
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.orders (id int)");
        var administrator = database.administratorWithGrantOptions("app");

        try (var connection = database.connect(administrator);
                var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + database.role("agent"));
            statement.execute("GRANT SELECT ON app.orders TO " + database.role("agent"));
            statement.execute("CREATE SCHEMA agentroles");
            assertThatThrownBy(() -> statement.execute("DROP TABLE app.orders"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("must be owner of table orders");
        }
    }

    @Test
    void anAdministratorInheritsFromTheOwner() throws SQLException {
        var owner = database.login("owner");
        database.execute("CREATE SCHEMA app AUTHORIZATION " + owner.username());
        try (var connection = database.connect(owner);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE app.orders (id int)");
        }
        var administrator = database.administratorInheritingFrom(owner.username());

        try (var connection = database.connect(administrator);
                var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + database.role("agent"));
            statement.execute("GRANT SELECT ON app.orders TO " + database.role("agent"));
            statement.execute("CREATE SCHEMA agentroles");
        }
    }

    @Test
    void closingADatabaseLeavesNeitherItNorItsRoles() throws SQLException {
        var other = server.createDatabase();
        other.login("reader");
        other.execute(
                "CREATE ROLE ar_%s_explore".formatted(other.name()),
                "GRANT CONNECT ON DATABASE postgres TO ar_%s_explore".formatted(other.name()));

        other.close();

        assertThat(database.query("""
                        SELECT rolname FROM pg_roles WHERE rolname LIKE '%%%1$s%%'
                        UNION ALL SELECT datname FROM pg_database WHERE datname = '%1$s'
                        """.formatted(other.name()))).isEmpty();
    }
}
