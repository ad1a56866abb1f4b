package dev.agentroles.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentroles.harness.OnEachPostgreSql;
import dev.agentroles.harness.PostgreSql;
import dev.agentroles.harness.Program;
import dev.agentroles.harness.Ran;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database that was dumped and restored is guarded as it was. With the PostgreSQL programs of this machine,
/// as far as they know the server.
@OnEachPostgreSql
final class GuardDumpTest {
    private final PostgreSql server;

    @AutoClose
    private final Ground ground;

    GuardDumpTest(PostgreSql server, @TempDir Path directory) throws SQLException, IOException {
        this.server = server;
        this.ground = new Ground(server, directory);
    }

    @Test
    void aRestoredDatabaseIsGuarded() throws SQLException {
        if (!Ran.has("pg_dump") || !Ran.has("psql")) {
            return;
        }
        if (major() < server.major()) {
            Ran.not("pg_dump of " + server, "the one on the PATH is of " + major());
            return;
        }
        try (var restored = server.createDatabase()) {
            var dump = Program.run(superuser(ground.database.name()), "", "pg_dump", "--no-unlogged-table-data");
            Program.run(superuser(restored.name()), dump, "psql", "-XqAt", "-v", "ON_ERROR_STOP=1");
            restored.execute("GRANT CONNECT ON DATABASE %s TO PUBLIC".formatted(restored.name()));
            try (var session = restored.connect(ground.agent());
                    var statement = session.createStatement()) {
                assertThat(statement.executeUpdate("DELETE FROM orders WHERE id = 2"))
                        .isOne();
                for (var attack : Map.of(
                                "DELETE FROM orders", "AR001",
                                "UPDATE customers SET name = 'x' WHERE id > 0", "AR002",
                                "SET session_replication_role = replica; DELETE FROM orders", "42501")
                        .entrySet()) {
                    var refused = catchThrowableOfType(SQLException.class, () -> statement.execute(attack.getKey()));
                    assertThat(refused.getSQLState()).as(attack.getKey()).isEqualTo(attack.getValue());
                }
            }
            try (var session = restored.connect(ground.application);
                    var statement = session.createStatement()) {
                assertThat(statement.executeUpdate("DELETE FROM customers")).isEqualTo(3000);
            }
        }
    }

    private static int major() {
        return Integer.parseInt(
                Program.run(Map.of(), "", "pg_dump", "--version").replaceFirst("\\D+(\\d+)(?s:.*)", "$1"));
    }

    private Map<String, String> superuser(String database) {
        var login = server.superuserLogin();
        var environment = new HashMap<>(ground.environment());
        environment.putAll(Map.of("PGDATABASE", database, "PGUSER", login.username(), "PGPASSWORD", login.clear()));
        return environment;
    }
}
