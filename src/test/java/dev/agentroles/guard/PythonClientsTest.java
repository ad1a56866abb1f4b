package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentroles.harness.OnOldestAndNewestPostgreSql;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.Python;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What psycopg, SQLAlchemy and Django's ORM send is not refused (`clients.py`). Where they cannot be
/// installed the table of servers says that they were not run.
@OnOldestAndNewestPostgreSql
final class PythonClientsTest {
    @AutoClose
    private final Ground ground;

    PythonClientsTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.ground = new Ground(server, directory);
    }

    @ParameterizedTest(name = "parameters bound by the server: {0}")
    @ValueSource(booleans = {false, true})
    void ordinaryClientsPassAndBlanketStatementsAreRefused(boolean boundByServer) {
        var python = Python.with(Python.POSTGRESQL_CLIENTS);
        if (python.isEmpty()) {
            return;
        }
        var environment = new HashMap<>(ground.environment());
        environment.put("SERVER_SIDE", boundByServer ? "yes" : "");

        var said = python.get().run(Ground.resource("clients.py"), environment);

        assertThat(said).isEqualTo("""
                by_psycopg ok
                by_sqlalchemy ok
                by_django ok
                """);
    }
}
