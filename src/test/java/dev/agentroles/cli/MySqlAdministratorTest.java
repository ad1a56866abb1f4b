package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an administrator lacks for a profile is in the plan, with the statements that are enough.
@OnEachMySql
final class MySqlAdministratorTest {
    @AutoClose
    private final OrdersGround ground;

    MySqlAdministratorTest(MySql server, @TempDir Path directory) throws SQLException {
        ground = new OrdersGround(server, directory);
    }

    /// What the plan says is missing is all that is missing.
    @Test
    void theStatementsForWhatIsMissingAreEnough() throws SQLException, IOException {
        var poor = ground.database.login("poor");
        ground.database.execute(
                "GRANT SELECT ON %s.* TO '%s'@'%%'".formatted(ground.database.name(), poor.username()),
                "GRANT SELECT ON mysql.* TO '%s'@'%%'".formatted(poor.username()));
        ground.actAs(poor);
        ground.profile(ground.orders(), "", "");

        for (int look = 0; look < 3; look++) {
            ground.database.execute(cures(ground.operator.run("plan", "shop.yaml")));
        }

        assertThat(cures(ground.operator.run("plan", "shop.yaml"))).isEmpty();
        ground.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        ground.database.connect(ground.published()).close();
    }

    /// The rights that `init` lists, without one of them.
    @Test
    void eachRightThatAWriterNeedsAndTheAdministratorLacksIsInThePlan() throws SQLException, IOException {
        ground.profile(ground.orders(), "", "");
        ground.writer("shop.yaml");
        var account = "'" + ground.operator.administrator().username() + "'@'%'";
        // MariaDB's guard reads none of these, and before 8.0.20 the administrator reads, and passes on, everything.
        boolean asked = !ground.server.mariadb() && !ground.server.release().before("8.0.20");
        for (var table :
                asked ? List.of("events_statements_current", "events_transactions_current") : List.<String>of()) {
            var right = "SELECT ON `performance_schema`.`%s`".formatted(table);
            ground.database.execute(
                    "REVOKE %s FROM %s".formatted(right.replace("SELECT", "SELECT, GRANT OPTION"), account));

            assertThat(cures(ground.operator.run("plan", "shop.yaml")))
                    .containsExactly("GRANT %s TO %s WITH GRANT OPTION".formatted(right, account));
            ground.ends(1, "apply", "shop.yaml", "--yes");

            ground.database.execute(cures(ground.operator.run("plan", "shop.yaml")));
        }

        assertThat(cures(ground.operator.run("plan", "shop.yaml"))).isEmpty();
        ground.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
    }

    /// MySQL says only that XA RECOVER failed; MariaDB shows them to everybody.
    @Test
    void aStatusForgivesThatPreparedTransactionsAreNotShown() throws SQLException, IOException {
        ground.profile(ground.orders(), "", "");
        ground.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        if (!ground.server.mariadb()) {
            ground.database.execute("REVOKE XA_RECOVER_ADMIN ON *.* FROM '%s'@'%%'"
                    .formatted(ground.operator.administrator().username()));
        }

        ground.ends(0, "status", "shop.yaml");
    }

    /// With `partial_revokes` the name of a database in a grant is the name itself, which the statements
    /// must know.
    @Test
    void theStatementsForWhatIsMissingNameDatabasesAsTheServerReadsThem() throws SQLException, IOException {
        if (ground.database.query("SHOW VARIABLES LIKE 'partial_revokes'").isEmpty()) {
            return;
        }
        var poor = ground.database.login("poor");
        ground.database.execute(
                "GRANT SELECT ON %s.* TO '%s'@'%%'".formatted(ground.database.name(), poor.username()),
                "GRANT SELECT ON mysql.* TO '%s'@'%%'".formatted(poor.username()));
        ground.actAs(poor);
        ground.profile(ground.orders(), "", "");
        ground.writer("shop.yaml");
        ground.database.execute("SET GLOBAL partial_revokes = ON");
        try {
            for (int look = 0; look < 3; look++) {
                ground.database.execute(cures(ground.operator.run("plan", "shop.yaml")));
            }

            assertThat(cures(ground.operator.run("plan", "shop.yaml"))).isEmpty();
        } finally {
            ground.database.execute("SET GLOBAL partial_revokes = OFF");
        }
    }

    /// The statements that a plan asks a database administrator for, and those that an error does.
    private static String[] cures(Operator.Said said) {
        return (said.out() + said.err())
                .lines()
                .map(line -> line.replaceFirst("^.*administrator run: ", "").strip())
                .filter(line -> line.startsWith("GRANT "))
                .map(line -> line.replaceFirst(";$", ""))
                .toArray(String[]::new);
    }
}
