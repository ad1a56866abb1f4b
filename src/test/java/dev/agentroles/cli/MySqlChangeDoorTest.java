package dev.agentroles.cli;

import dev.agentroles.harness.MySql;
import dev.agentroles.harness.OnEachMySql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

/// How agents ask for schema changes on MySQL and MariaDB.
@OnEachMySql
final class MySqlChangeDoorTest implements ChangeDoorContract {
    private final ChangeDoorGround ground;

    MySqlChangeDoorTest(MySql server, @TempDir Path directory) throws SQLException, IOException {
        ground = ChangeDoorGround.OnMySql.of(server.createDatabase(), directory);
    }

    @Override
    public ChangeDoorGround ground() {
        return ground;
    }
}
