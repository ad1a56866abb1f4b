package dev.agentroles.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentroles.engine.mysql.MySqlEngine;
import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An audit of MySQL and MariaDB, by an administrator with the rights that `init` lists.
@OnEachMySql
final class MySqlAuditTest {
    @AutoClose
    private final MySqlGround shop;

    MySqlAuditTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        shop = new MySqlGround(server, directory);
        shop.clean("apply", "shop.yaml", "--yes", "--no-verify");
    }

    @Test
    void whatWasJustAppliedIsClean() {
        shop.clean("audit", "shop.yaml", "--fail-on", "high");
    }

    @Test
    void aStrayGrantIsFound() throws SQLException {
        shop.database.execute("CREATE TABLE salaries (amount int)");
        var host = shop.database.server().mariadb() ? "" : "@'%'";
        shop.database.execute("GRANT SELECT ON salaries TO `ar_%s_bot`%s".formatted(shop.database.name(), host));

        var said = shop.ends(2, "audit", "shop.yaml");

        assertThat(said.out()).contains("GRANT-EXCESS", "salaries", "REVOKE SELECT");
    }

    @Test
    void theServerRefusesItsSessionEveryChange() throws SQLException {
        var target = shop.database.target(shop.operator.administrator());
        var engine = shop.database.server().mariadb() ? MySqlEngine.mariadb() : MySqlEngine.mysql(new SecureRandom());
        try (var server = engine.connect(target)) {
            server.readOnly();

            assertThatThrownBy(() -> server.connection()
                            .createStatement()
                            .execute("INSERT INTO agentroles.freeze SELECT * FROM agentroles.freeze"))
                    .hasMessageContaining("READ ONLY transaction");
            assertThatThrownBy(() -> server.connection().createStatement().execute("CREATE USER nobody"))
                    .hasMessageContaining("READ ONLY transaction");
        }
    }
}
