package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a profile asks for and this engine or this server does not give.
@OnEachMySql
final class MySqlRefusedProfileTest {
    @AutoClose
    private final OrdersGround ground;

    MySqlRefusedProfileTest(MySql server, @TempDir Path directory) throws SQLException {
        ground = new OrdersGround(server, directory);
    }

    @Test
    void whatTheEngineHasNoMeansForIsRefusedWithTheLineOfTheProfile() throws IOException {
        ground.profile(ground.orders(), "", "lease: {max_session: 1h, idle_timeout: 1m}");

        var said = ground.ends(1, "plan", "shop.yaml");

        var product = ground.server.mariadb() ? "MariaDB" : "MySQL";
        assertThat(said.out() + said.err())
                .contains("agent bot has idle_timeout, max_session, and " + product
                        + " has no such bound for an account");
    }

    @Test
    void anAgentThatCouldNotLogInIsRefused() throws SQLException, IOException {
        ground.database.execute(
                "CREATE DATABASE " + ground.database.named("other"),
                "CREATE TABLE " + ground.database.named("other.t (id int)"));
        var administrator = ground.operator.administrator().username();
        ground.database.execute("GRANT SELECT ON %s.* TO '%s'@'%%' WITH GRANT OPTION"
                .formatted(ground.database.named("other"), administrator));
        ground.profile(ground.database.named("other.t"), "", "");

        assertThat(ground.ends(1, "apply", "shop.yaml", "--yes").err())
                .contains("agent bot holds nothing in " + ground.database.name());
    }

    @Test
    void theOtherProductIsRefused() throws IOException {
        ground.profile(ground.orders(), "", "");
        var text = ground.operator.head("production");
        var other = ground.server.mariadb() ? "mysql" : "mariadb";
        ground.operator.write(
                "other.yaml",
                text.replace("engine: " + ground.server.release().engine(), "engine: " + other)
                        + """
                        scopes: {orders: {database: %s, include: [%s]}}
                        agents: {bot: {access: [{scope: orders, tier: explore}]}}
                        """.formatted(ground.database.name(), ground.orders()));

        var said = ground.ends(3, "plan", "other.yaml");

        assertThat(said.out() + said.err()).contains("and the profile says " + other);
    }

    @Test
    void aViewThatReadsWithItsDefinersRightsIsTakenOnlyByName() throws SQLException, IOException {
        ground.database.execute(
                "CREATE VIEW everything AS SELECT * FROM orders",
                "CREATE SQL SECURITY INVOKER VIEW mine AS SELECT * FROM orders");
        ground.profile("\"" + ground.database.name() + ".*\"", "", "");

        var said = ground.ends(2, "plan", "shop.yaml");

        assertThat(said.out() + said.err())
                .contains(ground.database.name()
                        + ".everything is left out of scope orders: it is a view that reads with the"
                        + " rights of whoever defined it");
        ground.ends(0, "apply", "shop.yaml", "--yes", "--no-verify");
        assertThat(ground.database.query(
                        "SELECT Table_name FROM mysql.tables_priv WHERE User LIKE 'ar\\_%' ORDER BY 1"))
                .containsExactly("mine", "orders");
    }
}
