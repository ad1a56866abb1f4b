package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.access.Secret;
import dev.agentroles.harness.Login;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import dev.agentroles.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From where a login comes, and what accounts of others have to do with it.
@OnEachMySql
final class MySqlAccountsTest {
    @AutoClose
    private final OrdersGround ground;

    MySqlAccountsTest(MySql server, @TempDir Path directory) throws SQLException {
        ground = new OrdersGround(server, directory);
    }

    @Test
    void anAccountWithoutANameThatWouldTakeALoginOverIsFoundBeforeThereIsOne() throws SQLException, IOException {
        ground.profile(ground.orders(), "", "");
        ground.database.execute("CREATE USER ''@'10.1.2.3'");
        try {
            var said = ground.ends(1, "apply", "shop.yaml", "--yes");

            assertThat(said.err())
                    .contains("the account without a name at '10.1.2.3' would take over the logins that come from there"
                            + " to an account at '%'; DROP USER ''@'10.1.2.3'")
                    .contains("shop.yaml:");
            assertThat(ground.database.query("SELECT user FROM mysql.user WHERE user LIKE 'ar\\_%'"))
                    .isEmpty();
        } finally {
            ground.database.execute("DROP USER ''@'10.1.2.3'");
        }
    }

    @Test
    void aLoginComesFromTheHostsOfTheProfile() throws SQLException, IOException {
        ground.profile("    hosts: [127.0.0.1, 10.1.%]\n", ground.orders(), "", "");

        ground.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");

        ground.database.connect(ground.published()).close();
        assertThat(ground.database.query("SELECT host FROM mysql.user WHERE user = '"
                        + ground.published().username() + "' ORDER BY 1"))
                .containsExactly("10.1.%", "127.0.0.1");
        ground.ends(0, "plan", "shop.yaml");
        ground.ends(0, "revoke", "shop.yaml", "--agent", "bot");
        ground.ends(0, "reap", "shop.yaml");
        assertThat(ground.database.query("SELECT host FROM mysql.user WHERE user LIKE 'ar\\_%\\_bot\\_%'"))
                .isEmpty();
    }

    /// Only a superuser takes them, and each account of the login has its own.
    @Test
    void globalPrivilegesOfALoginAreToBeTakenFromAllItsAccounts() throws SQLException, IOException {
        ground.profile("    hosts: [127.0.0.1, 10.1.%]\n", ground.orders(), "", "");
        ground.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        var login = ground.published().username();
        for (var host : List.of("127.0.0.1", "10.1.%")) {
            ground.database.execute("GRANT PROCESS ON *.* TO '%s'@'%s'".formatted(login, host));
        }

        var said = ground.ends(1, "apply", "shop.yaml", "--yes", "--no-verify");

        assertThat(said.out() + said.err())
                .contains("REVOKE ALL PRIVILEGES ON *.* FROM '%s'@'127.0.0.1'".formatted(login))
                .contains("REVOKE ALL PRIVILEGES ON *.* FROM '%s'@'10.1.%%'".formatted(login));
    }

    /// As directories name their people.
    @Test
    void whoMayNotReadTheLedgerIsToldWhichGrantHelpsAlsoWithAnAtInTheName() throws SQLException, IOException {
        ground.profile(ground.orders(), "", "");
        ground.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        var name = "ops@" + ground.database.name();
        ground.database.execute(
                "CREATE USER '" + name + "'@'%' IDENTIFIED BY 'a-password-of-tests-1'",
                "GRANT SELECT ON orders TO '" + name + "'@'%'");
        try (var session = ground.database
                .server()
                .connect(ground.database.name(), new Login(name, Secret.of("a-password-of-tests-1")))) {
            assertThatThrownBy(() -> Ledger.on(session, "mysql").look())
                    .hasMessageEndingWith(" ON agentroles.* TO '" + name + "'@'%';");
        } finally {
            ground.database.execute("DROP USER '" + name + "'@'%'");
        }
    }

    /// Any login can take the lock that keeps two runs apart.
    @Test
    void whoeverHoldsTheLockOfARunIsNamedWithItsLogin() throws SQLException, IOException {
        ground.profile(ground.orders(), "", "");
        ground.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        try (var agent = ground.database.connect(ground.published());
                var statement = agent.createStatement()) {
            long session;
            try (var row = statement.executeQuery("SELECT CONNECTION_ID(), GET_LOCK('agentroles', 10)")) {
                row.next();
                session = row.getLong(1);
            }

            var said = ground.ends(1, "apply", "shop.yaml", "--yes", "--no-verify", "--lock-timeout", "1");

            assertThat(said.err())
                    .contains(
                            ": session " + session + " of " + ground.published().username());
        }
    }
}
