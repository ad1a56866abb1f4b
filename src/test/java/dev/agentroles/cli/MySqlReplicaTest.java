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

/// A server that is not the one to write to is refused.
@OnEachMySql
final class MySqlReplicaTest {
    @AutoClose
    private final OrdersGround ground;

    MySqlReplicaTest(MySql server, @TempDir Path directory) throws SQLException {
        ground = new OrdersGround(server, directory);
    }

    @Test
    void aServerThatTakesNoWritesIsRefused() throws SQLException, IOException {
        ground.profile(ground.orders(), "", "");
        ground.database.execute("SET GLOBAL read_only = ON");
        try {
            assertThat(ground.ends(3, "apply", "shop.yaml", "--yes").err()).contains("takes no writes");
            assertThat(ground.ends(3, "verify", "shop.yaml").err()).contains("takes no writes");
        } finally {
            ground.database.execute("SET GLOBAL read_only = OFF");
        }
    }

    /// Nobody has set read_only there, and it is not following just now, so only its configuration tells it.
    @Test
    void aReplicaThatWouldTakeWritesIsRefused() throws SQLException, IOException {
        ground.profile(ground.orders(), "", "");
        follow();
        try {
            assertThat(ground.ends(3, "apply", "shop.yaml", "--yes").err())
                    .contains("is set up as a replica of 127.0.0.1:1")
                    .contains("and takes writes all the same, and shop.yaml names it as " + ground.database.name())
                    .contains("point the URL at the primary server");
        } finally {
            unfollow();
        }
    }

    /// An administrator that an earlier `init` listed the rights for.
    @Test
    void aMariaDbThatRunsAsAReplicaIsRefusedWithoutTheRightToAskOfWhich() throws SQLException, IOException {
        if (!ground.server.mariadb()) {
            return;
        }
        ground.profile(ground.orders(), "", "");
        ground.database.execute("REVOKE REPLICA MONITOR ON *.* FROM '%s'@'%%'"
                .formatted(ground.operator.administrator().username()));
        follow();
        try {
            ground.database.execute("START SLAVE SQL_THREAD");

            assertThat(ground.ends(3, "apply", "shop.yaml", "--yes").err())
                    .contains("is set up as a replica of another server and takes writes all the same");
        } finally {
            unfollow();
        }
    }

    /// There is no other server: what is asked is only whether this one would follow it.
    private void follow() throws SQLException {
        if (ground.server.mariadb()) {
            ground.database.execute(
                    "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1, MASTER_USER = 'nobody'");
        } else {
            ground.database.execute(
                    ground.server.release().before("8.0.23")
                            ? "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1"
                            : "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = 1");
        }
    }

    private void unfollow() throws SQLException {
        boolean slave = ground.server.mariadb() || ground.server.release().before("8.0.23");
        ground.database.execute(slave ? "STOP SLAVE" : "STOP REPLICA", slave ? "RESET SLAVE ALL" : "RESET REPLICA ALL");
    }
}
