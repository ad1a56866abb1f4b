package dev.agentroles.cli;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

/// How agents ask for schema changes on PostgreSQL.
@OnEachPostgreSql
final class ChangeDoorTest implements ChangeDoorContract {
    private final ChangeDoorGround ground;

    ChangeDoorTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        ground = ChangeDoorGround.OnPostgreSql.of(server.createDatabase(), directory);
    }

    @Override
    public ChangeDoorGround ground() {
        return ground;
    }
}
