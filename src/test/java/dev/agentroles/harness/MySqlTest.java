package dev.agentroles.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The ground that the other tests stand on.
@OnEachMySql
final class MySqlTest {
    private final MySql server;

    @AutoClose
    private final MySqlDatabase database;

    MySqlTest(MySql server) throws SQLException {
        this.server = server;
        this.database = server.createDatabase();
    }

    @Test
    void theServerIsOfTheProductAndVersionAskedFor() throws SQLException {
        var version = database.query("SELECT version()").getFirst();

        assertThat(version).startsWith(server.release().version() + ".");
        assertThat(version.contains("MariaDB")).isEqualTo(server.mariadb());
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
    void anAccountLogsInAndSeesNothing() throws SQLException {
        var login = database.login("reader");

        try (var connection = server.connect("", login);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT current_user(), database()")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo(login.username() + "@%");
            assertThat(rows.getString(2)).isNull();
        }
    }

    @Test
    void closingADatabaseLeavesNeitherItNorItsAccounts() throws SQLException {
        var other = server.createDatabase();
        other.login("reader");
        other.execute("CREATE DATABASE " + other.named("rw"), "CREATE ROLE ar_%s_explore".formatted(other.name()));

        other.close();

        assertThat(database.query("""
                        SELECT user FROM mysql.user WHERE user LIKE '%%%1$s%%'
                        UNION ALL SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE '%%%1$s%%'
                        """.formatted(other.name()))).isEmpty();
    }
}
